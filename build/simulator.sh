# Sourced by ./tutti-sim: builds the simulator, and starts it. Expects $home and $jdk.

sim_classpath=$home/target/simulator.classpath
sim_modules='core runtime agents simulation'

# Whether anything that the simulator is made of changed since it was built.
sim_stale() (
    [ -f "$sim_classpath" ] || exit 0
    set -- "$home/pom.xml"
    for module in $sim_modules; do
        set -- "$@" "$home/$module/pom.xml" "$home/$module/src/main"
        [ -d "$home/$module/target/classes" ] || exit 0
    done
    [ -n "$(find "$@" -newer "$sim_classpath" -print -quit)" ]
)

# Compiles with Maven, and writes down the class path of what the simulator needs.
sim_build() {
    command -v mvn >/dev/null || no_maven
    echo "tutti-sim: building" >&2
    mkdir -p "$home/target"
    (
        cd "$home" || exit 1
        JAVA_HOME=$jdk mvn -B -q -pl simulation -am compile dependency:build-classpath \
            -Djacoco.skip -Denforcer.skip -Dspotless.check.skip \
            -Dmdep.outputFile="$sim_classpath.new" -Dmdep.includeScope=runtime </dev/null >&2
    ) && mv "$sim_classpath.new" "$sim_classpath"
}

# Becomes the JVM of the class $1; the engine's own log lines would be noise.
start_simulator() {
    main=$1
    shift
    exec "$jdk/bin/java" -Xmx1g -XX:+UseSerialGC -Xlog:disable -Xlog:all=error:stderr \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Dlogback.configurationFile="$home/build/no-log.xml" \
        -cp "$home/simulation/target/classes:$(cat "$sim_classpath")" "dev.tutti.simulation.$main" "$@"
}
