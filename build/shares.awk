# Reads lines "seconds plugin:version:goal (id) @ module ---", each the moment at which a goal began, and
# prints what each module and each kind of work took; where modules are built side by side (`./check -T 2`), the sum
# is more than what passed. The last goal of a module, a short one, is not seen to end. 12 minutes is what
# ./check may take on two cores.
function kind(goal) {
    if (goal ~ /surefire|failsafe/) return "tests"
    if (goal ~ /compiler/) return "compile"
    if (goal ~ /spotless/) return "format"
    if (goal ~ /jar|dependency|resources|install/) return "package"
    return "rules"
}
{
    if (first == "") first = $1
    last = $1
    if ($2 == "end") next
    module = $(NF - 1)
    if (module in goal) {
        seconds = $1 - since[module]
        total += seconds
        of_module[module] += seconds
        of_kind[kind(goal[module])] += seconds
        of_both[module, kind(goal[module])] += seconds
    } else {
        modules[++count] = module
    }
    since[module] = $1
    goal[module] = $2
}
END {
    if (total == 0) exit
    kinds = split("compile format tests rules package", order, " ")
    printf "\n%-20s %8s %6s", "share of the time", "seconds", "%"
    for (k = 1; k <= kinds; k++) printf " %8s", order[k]
    print ""
    for (m = 1; m <= count; m++) {
        printf "%-20s %8.1f %6.1f", modules[m], of_module[modules[m]], 100 * of_module[modules[m]] / total
        for (k = 1; k <= kinds; k++) printf " %8.1f", of_both[modules[m], order[k]]
        print ""
    }
    printf "%-20s %8.1f %6s", "all, side by side", total, ""
    for (k = 1; k <= kinds; k++) printf " %8.1f", of_kind[order[k]]
    print ""
    printf "%-20s %8.1f\n", "what passed", last - first
    if (last - first > 720) print "more than the 720 s that this may take"
}
