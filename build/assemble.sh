# Sourced by the launcher when the built Tutti is missing or stale. Expects $home, $dist, $cache, $jdk.
#
# Maven stages the jars beside the old ones; they change places only when the build succeeded, so a
# running Tutti and a failed build leave no half-written folder behind.

staged=$home/cli/target/staged
log=$home/target/assemble.log

say() { printf 'tutti: %s\n' "$*" >&2; }

# The build under the lock, in a subshell so that the lock ends with it.
assemble() (
    mkdir -p "$home/target" || exit 1
    take_lock || exit 1
    if stale; then
        build || exit 1
    fi
    if unrehearsed; then
        say "making the start faster for this JDK (once)"
        rehearse
    fi
)

# One build at a time in this folder. Without flock, a folder is the lock.
take_lock() {
    exec 9>"$home/target/assemble.lock"
    if command -v flock >/dev/null; then
        flock -n 9 && return 0
        say "another build is running here; waiting for it"
        flock 9
        return
    fi
    exec 9>&-
    told=''
    until mkdir "$home/target/assemble.lock.d" 2>/dev/null; do
        [ -n "$told" ] || {
            say "another build is running here; waiting for it"
            say "if none is, a build was killed: rmdir '$home/target/assemble.lock.d'"
        }
        told=yes
        sleep 1
    done
    trap 'rmdir "$home/target/assemble.lock.d"' EXIT
    trap 'exit 130' INT TERM
}

build() {
    command -v mvn >/dev/null || no_maven
    say "building (JDK $jdk_build)"
    started=$(date +%s)
    # Older than every source that this build will read: what changes from here on is built next time.
    : >"$home/target/built"
    rm -rf "$staged"
    status=$home/target/assemble.status
    rm -f "$status"
    {
        cd "$home" && JAVA_HOME=$jdk mvn -B -pl cli -am package \
            -Dmaven.test.skip=true -Djacoco.skip -Denforcer.skip -Dspotless.check.skip 9>&-
        echo $? >"$status"
    } 2>&1 </dev/null | show_progress
    if [ "$(cat "$status" 2>/dev/null)" != 0 ] || [ ! -f "$staged/classpath" ]; then
        say "the build failed:"
        why=$(grep -e '^\[ERROR\]' -e '^\[FATAL\]' -e '^\[WARNING\].*\.java:' "$log" \
            | awk '/^.ERROR. *$/ { exit } !said[$0]++')
        printf '%s\n' "${why:-$(cat "$log")}" | tail -n 25 >&2
        say "all of it: $log"
        return 1
    fi
    publish "$home/target/built" || return 1
    say "built in $(($(date +%s) - started)) s"
}

# Puts what Maven staged in the place of what is there, with the time of the file $1.
publish() {
    touch -r "$1" "$staged/built" || return 1
    old=$dist.old.$$
    [ ! -d "$dist" ] || mv "$dist" "$old" || return 1
    mv "$staged" "$dist" && rm -rf "$old"
}

# Keeps the log, and says which module is being built: one line that changes on a terminal, else a line each.
show_progress() {
    fetched=0
    line_end='\n'
    if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
        line_end='\033[K\r'
    fi
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
            *'Building '*'['*/*']')
                module=${line#*Building }
                step=${module##*\[}
                tell "${step%]}  ${module%% [0-9]*}"
                ;;
            *'Downloaded from '*)
                fetched=$((fetched + 1))
                [ $((fetched % 50)) != 0 ] || tell "fetched $fetched files"
                ;;
        esac
    done >"$log"
    [ "$line_end" = '\n' ] || printf '\033[K' >&2
}

tell() { printf "  %s  %s s$line_end" "$1" "$(($(date +%s) - started))" >&2; }

# Runs a short workload once and keeps what the JVM loaded and linked, so that it need not do so again.
# Tutti works without it, so a failure is noted in the log only.
rehearse() {
    scene=$dist/aot/scene
    rm -rf "$scene"
    mkdir -p "$scene"
    (
        cd "$home" || exit 1
        TUTTI_JAVA_OPTS='' start_jvm rehearse "-XX:AOTCacheOutput=$cache.new" \
            dev.tutti.cli.Rehearsal "$home/build/rehearsal" "$scene"
    ) >"$cache.new.log" 2>&1 </dev/null 9>&- && mv "$cache.new" "$cache"
    mv "$cache.new.log" "$cache.log"
    rm -rf "$scene" "$cache.new"
}
