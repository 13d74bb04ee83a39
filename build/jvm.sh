# Sourced by the launcher and by the rehearsal: how the JVM of the command line is started. Both must
# start it alike, because the JVM refuses an AOT cache that was made under another class path or heap layout.

# Sets $tutti_version: the first one that the parent pom names, read without starting a process.
find_version() {
    tutti_version=unknown
    [ -r "$home/pom.xml" ] || return 0
    while IFS= read -r line; do
        case $line in
            *'<version>'*)
                tutti_version=${line#*<version>}
                tutti_version=${tutti_version%%</version>*}
                return 0
                ;;
        esac
    done <"$home/pom.xml"
}

# Sets $class_path: our jars, then the libraries in the order that Maven wrote down, the heavy ones last.
find_class_path() {
    IFS= read -r names <"$dist/classpath"
    ours=$dist/lib/tutti-cli.jar
    libraries=''
    old_ifs=$IFS
    IFS=:
    for name in $names; do
        jar=$dist/lib/${name##*/}
        case $name in
            lib/tutti-*) ours=$ours:$jar ;;
            *) libraries=$libraries:$jar ;;
        esac
    done
    IFS=$old_ifs
    class_path=$ours$libraries
}

# Becomes the JVM of the command $1; the main class and its arguments follow, options before them.
start_jvm() {
    for_command=$1
    shift
    find_class_path
    set -- -cp "$class_path" "$@"
    if [ -n "${TUTTI_JAVA_OPTS:-}" ]; then
        set -f
        set -- $TUTTI_JAVA_OPTS "$@"
        set +f
    fi
    # Most commands are over before the second compiler would pay; those that may work for long get it. The rehearsal
    # does not: profiles in the cache make that compiler start early, and a short run then takes 40 % longer.
    case $for_command in
        run | recover | serve | bench) set -- -Xmx2g "$@" ;;
        *) set -- -Xmx1g -XX:TieredStopAtLevel=1 "$@" ;;
    esac
    # Warnings of the JVM would go to standard output, where results belong: errors only, and elsewhere.
    exec "$jdk/bin/java" -XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "$@"
}
