# Sourced by ./tutti and ./check: finds a JDK that is new enough, also when the `java` on the PATH is older.
# Reads each candidate's file `release` and starts nothing, because this runs before every command.

jdk_least=25

# Whether $1 is the folder of such a JDK; leaves its full version in $jdk_build.
jdk_fits() {
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    jdk_version='' jdk_build=''
    while IFS='=' read -r key value; do
        value=${value#\"} value=${value%\"}
        case $key in
            JAVA_VERSION) jdk_version=${value%%[!0-9]*} ;;
            JAVA_RUNTIME_VERSION) jdk_build=$value ;;
        esac
        [ -n "$jdk_version" ] && [ -n "$jdk_build" ] && break
    done <"$1/release"
    : "${jdk_build:=$jdk_version}"
    if [ -n "$jdk_version" ] && [ "$jdk_version" -ge "$jdk_least" ] && [ -x "$1/bin/javac" ]; then
        jdk=$1
        return 0
    fi
    jdk_seen="$jdk_seen
  $1 (${jdk_version:-unknown})"
    return 1
}

# Sets $jdk and $jdk_build. The order: what the user named, what is on the PATH, the usual folders.
find_jdk() {
    jdk_seen=''
    for candidate in "${TUTTI_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
        jdk_fits "$candidate" && return 0
    done
    candidate=$(command -v java) && candidate=$(readlink -f "$candidate") \
        && jdk_fits "${candidate%/bin/java}" && return 0
    for candidate in /usr/lib/jvm/* /usr/local/lib/jvm/* /opt/java/* /opt/jdk* \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        jdk_fits "$candidate" && return 0
    done
    return 1
}

# Ends the script with what to install.
no_jdk() {
    cat >&2 <<END
tutti needs a JDK $jdk_least or newer and found none.
Install one (Eclipse Temurin $jdk_least, or the package openjdk-$jdk_least-jdk where your system has it),
or say where it is: export TUTTI_JAVA_HOME=/path/to/jdk-$jdk_least
END
    [ -z "$jdk_seen" ] || echo "Too old or not a JDK:$jdk_seen" >&2
    exit 69
}

no_maven() {
    cat >&2 <<END
tutti builds itself with Maven and found no \`mvn\` on the PATH.
Install Maven 3.8.7 or newer (Debian, Ubuntu: apt install maven; macOS: brew install maven) and try again.
END
    exit 69
}
