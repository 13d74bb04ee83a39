#!/bin/sh
# Mends a word in all files of the project and leaves a patch. It prints lines of JSON: how far it
# is, and at last its result.
#
# mend.sh -- WORD BY
set -eu
project=$(dirname "$0")/project
word=$2
by=$3

all=$(find "$project" -type f | wc -l)
seen=0
mended=0
for file in $(find "$project" -type f | sort); do
    name=${file#"$project"/}
    seen=$((seen + 1))
    printf '{"progress": %d.%02d, "message": "reads %s"}\n' \
        $((seen / (all + 1))) $((seen * 100 / (all + 1))) "$name"
    sed "s/\\b$word\\b/$by/g" "$file" > mended.txt
    diff -u -L "a/$name" -L "b/$name" "$file" mended.txt >> mended.patch || mended=$((mended + 1))
done
printf '{"read": %d, "mended": %d}\n' "$all" "$mended"
