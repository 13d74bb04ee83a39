# Reads lines "seconds plugin:version:goal (id) @ module ---", each the moment at which a goal began, and
# prints what each module and each kind of work took. 12 minutes is what ./check may take on two cores.
function kind(goal) {
    if (goal ~ /surefire|failsafe/) return "tests"
    if (goal ~ /compiler/) return "compile"
    if (goal ~ /spotless/) return "format"
    if (goal ~ /jar|dependency|resources|install/) return "package"
    return "rules"
}
{
    if (goal != "") {
        seconds = $1 - since
        total += seconds
        if (!(module in of_module)) modules[++count] = module
        of_module[module] += seconds
        of_kind[kind(goal)] += seconds
        of_both[module, kind(goal)] += seconds
    }
    since = $1
    goal = $2 == "end" ? "" : $2
    module = $(NF - 1)
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
    printf "%-20s %8.1f %6s", "all", total, ""
    for (k = 1; k <= kinds; k++) printf " %8.1f", of_kind[order[k]]
    print ""
    if (total > 720) print "more than the 720 s that this may take"
}
