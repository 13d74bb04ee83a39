# Compiles agents-local with its tests and runs the class $main there. Sourced by the scripts here,
# which set $root and $main.
is_25() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] &&
        [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")" -ge 25 ] 2>/dev/null
}
for home in "$TUTTI_JAVA_HOME" "$JAVA_HOME" /usr/lib/jvm/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_25 "$home"; then
        export JAVA_HOME="$home"
        break
    fi
done
is_25 "$JAVA_HOME" || { echo "$0: needs a JDK 25 or newer: set JAVA_HOME" >&2; exit 69; }

compile() {
    (cd "$root" && mvn -q -B -pl agents-local "$@" test-compile dependency:build-classpath \
        -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test) >&2
}
# With the modules below it as installed, or else as they are here.
compile >/dev/null 2>&1 || compile -am
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -cp "$root/agents-local/target/test-classes:$root/agents-local/target/classes:$(cat "$root/agents-local/target/classpath")" \
    "$main" "$@"
