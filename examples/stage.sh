# What the stories in this folder are told with: short names for longer commands,
# and stand-ins for what people do by hand. A story begins with: set_stage [FOLDER]

command -v coachbook >/dev/null || { echo "there is no coachbook on the path" >&2 && exit 2; }

set_stage() {
    folder=${1:-$(mktemp -d)} is_kept=$#
    mkdir -p "$folder/words"
    chmod 700 "$folder" "$folder/words"
    folder=$(cd "$folder" && pwd)
    words=$folder/words     # the six words of each person, who would have them on paper
    talk=$folder/talk.txt   # what commands say beside their answer
    export COACHBOOK_HOME="$folder/device" GIT_CONFIG_GLOBAL=/dev/null
    export GIT_AUTHOR_NAME=Office GIT_AUTHOR_EMAIL=office@school.example
    export GIT_COMMITTER_NAME=Office GIT_COMMITTER_EMAIL=office@school.example
    trap leave_stage EXIT
    trap 'exit 130' HUP INT TERM
}

# Says why a story broke off, and takes the folder away unless somebody named it.
leave_stage() {
    status=$?
    [ $status -eq 0 ] || tail -n 20 "$talk" >&2
    [ "$is_kept" -gt 0 ] || rm -rf "$folder"
    exit $status
}

chapter() { printf '\n%s\n' "$1"; }
tell() { printf -- '- %s: %s\n' "$day" "$1"; }
on() { day=$1; }

# Every command is run on the day that the story has come to.
coachbook() { command coachbook "$@" --today "$day" 2>>"$talk"; }

# A person at work, with the words that only they have.
as() {
    person=$1
    shift
    coachbook "$@" --as "$person" --passphrase-file "$words/$person"
}

# A command that ends with 1, because something is left to do: that is part of the story.
leaves_something() {
    if "$@"; then
        echo "something was to be left by: $*" >&2
        exit 1
    elif [ $? -ne 1 ]; then
        exit 2
    fi
}

# The answer of a command as part of the story.
show() {
    "$@" >"$folder/answer"
    sed 's/^/    /' "$folder/answer"
}

save() { coachbook save -m "$1" >>"$talk"; }

# ---- people ----

# At their own computer, where the words are shown once.
make_key() { coachbook keys new "$1" >"$words/$1"; }

replace_lost_key() {
    leaves_something coachbook keys replace "$1" --lost >"$folder/answer"
    head -n 1 "$folder/answer" >"$words/$1"
}

change_key() {
    coachbook keys rotate "$1" --passphrase-file "$words/$1" >"$folder/answer"
    mv "$folder/answer" "$words/$1"
}

# Somebody who is new: their record, and their key.
join() {
    coachbook new person --display-name "$1" --category "$2" --schools "$school" \
        --start "$day" --sign-in "$3" >>"$talk"
    make_key "$3"
}

last_day() { set_field "$(grep -lx "sign_in: $1" records/people/*.md)" end "$2"; }

# ---- records ----

# A pair begins: who coaches, who is coached, until when, and towards what. They have
# agreed how they will work.
begin_pair() {
    file=$(coachbook new cycle --coach "$1" --coachee "$2" --model impact-cycle \
        --focus-type lesson --start "$day" --planned-end "$3" --phase improve --status open)
    write "$file" Goal "$4"
    cycle=$(sed -n 's/^id: //p' "$file")
    set_field "$(path_of "$(sed -n 's/^partnership: //p' "$file")")" agreed_on "$day"
}

# A session of a cycle, and what was seen in it.
meet() {
    session=$(coachbook new session "$1" --date "$day" --status held --kind coaching --minutes 15)
    write "$session" Notes "$2"
}

# The monitor says in a few words how it went, and the cycle and the pair are over.
close_cycle() {
    file=$(coachbook new impact "$1" --author "$2")
    write "$file" Statement "$3"
    file=$(path_of "$1")
    set_field "$file" status closed
    set_field "$file" phase done
    set_field "$file" closed_on "$day"
    file=$(path_of "$(sed -n 's/^partnership: //p' "$file")")
    set_field "$file" status ended
    set_field "$file" end "$day"
    set_field "$file" end_reason left-school
}

path_of() { grep -rlx "id: $1" records; }

# ---- years ----

terms() {
    cat <<END
autumn_1: $1-09-02 to $1-10-23
autumn_2: $1-11-02 to $1-12-18
spring_1: $(($1 + 1))-01-04 to $(($1 + 1))-02-12
spring_2: $(($1 + 1))-02-22 to $(($1 + 1))-03-25
summer_1: $(($1 + 1))-04-12 to $(($1 + 1))-05-28
summer_2: $(($1 + 1))-06-07 to $(($1 + 1))-07-22
END
}

year() { printf '%s-%02d' "$1" $((($1 + 1) % 100)); }

write_calendar() {
    {
        printf -- '---\ntype: calendar\nschool: %s\nyear: %s\n' "$school" "$(year "$1")"
        terms "$1"
        echo ---
    } >"records/$school/calendar-$(year "$1").md"
}

# A school year begins in a repository of its own, beside the one before.
roll_over() {
    terms "$1" >"$folder/terms"
    set -- "../$school-$1" --year "$(year "$1")"
    while IFS=: read -r name days; do set -- "$@" --term "$name$days"; done <"$folder/terms"
    coachbook rollover "$@" >>"$talk"
    cd "$1"
}

# ---- git ----

# Somebody else's copy of the repository, set up once; `doctor` may find more on this device.
clone_for() {
    git clone -q . "../$1"
    coachbook doctor --mend -C "../$1" >>"$talk" || [ $? -eq 1 ]
}

# Both have changed the same, so that git stops and somebody has to look.
pull_stops() {
    if git pull -q --no-rebase "../$1" main >>"$talk" 2>&1; then exit 1; fi
}

# ---- an editor ----

# What somebody writes under a heading of a new record.
write() {
    awk -v heading="## $2" -v text="$3" '{ print } $0 == heading { print ""; print text }' \
        "$1" >"$folder/edited"
    cat "$folder/edited" >"$1"
    rm "$folder/edited"
}

# A field of a header.
set_field() {
    grep -v "^$2:" "$1" | awk -v line="$2: $3" '{ print } NR == 1 { print line }' >"$folder/edited"
    cat "$folder/edited" >"$1"
    rm "$folder/edited"
}

# Whoever opens an editor next makes this one change in it, as `sed` understands it.
will_type() {
    printf '#!/bin/sh\nsed %s "$1" >"$1.new"\ncat "$1.new" >"$1"\nrm "$1.new"\n' "'$1'" \
        >"$folder/editor"
    chmod +x "$folder/editor"
    export VISUAL="$folder/editor"
}
