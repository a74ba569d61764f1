#!/bin/sh
# Five years of a small school, in the commands that it types.
#
#   examples/five-years.sh          tells the story in a folder that is removed at the end
#   examples/five-years.sh FOLDER   leaves everything in FOLDER, to look at
#
# Everybody at Larkenfold is invented. `stage.sh` has the short names that are used here,
# such as `as PERSON` for a command with that person's passphrase; all else is coachbook
# and git. What a command says goes to talk.txt; its answer is shown where it matters.
set -eu

. "$(dirname "$0")/stage.sh"
set_stage "$@"
school=larkenfold
monitor=monitor@$school head=head@$school lead=lead-coach@$school recovery=recovery-holder@$school

chapter "2026-27: the start"
on 2026-09-02
cat >"$folder/answers.yml" <<'END'
school: Larkenfold Primary
phase: primary
people:
  - Odalys Fenwright, senior-leader, head
  - Bram Tolliver, senior-leader, monitor
  - Wren Ashcombe, teacher, lead-coach
  - Idris Pellow, teacher
  - Nerys Oakham, teacher
  - Caius Thornleigh, senior-leader
  - Maud Silverlock, teacher
  - Tobin Greaves, teacher
  - Elowen Marsh, teacher
  - Silas Quennell, teacher
  - Hettie Brand, teacher
  - Jory Penhallow, teacher
  - Linnet Vale, teaching-support
  - Ansel Crowther, teaching-support
  - Pia Lockhart, teaching-support
  - Rowan Tidewell, teaching-support
  - Dinah Ferrow, other, office
  - Gideon Mortlake, other
  - Una Harrow, other, data-protection recovery-holder
  - Sable Winterton, governor
policy:
  repository.holders: [monitor, lead-coach, office]
  keys.publish_protected: no
  recovery.holder: recovery-holder
  retention.notes: until 31 August after the cycle closes
  retention.impact: for three years
  retention.separate: for six years
END
{ echo calendar: && terms 2026 | sed 's/^/  /'; } >>"$folder/answers.yml"
cd "$folder"
coachbook init $school --preset head-excluded --yes --answers answers.yml >>"$talk"
cd $school
set_field records/$school/policy-2026-09.md ratified_on 2026-07-08
for person in odalys.fenwright bram.tolliver wren.ashcombe idris.pellow nerys.oakham \
    caius.thornleigh maud.silverlock tobin.greaves una.harrow; do
    make_key $person
done
coachbook keys new --role $monitor --role $head --role $lead --role $recovery
tell "a school of 20; nine have a key, and so have the four roles that read"

on 2026-10-05
begin_pair wren.ashcombe nerys.oakham 2028-07-14 "Everybody thinks before anybody speaks."
first=$cycle
meet "$first" "Three hands went up before the question had ended."
write "$session" "Coach notes" "I asked two questions at once."
begin_pair caius.thornleigh tobin.greaves 2031-07-11 "The quiet table is heard."
second=$cycle
meet "$second" "The quiet table answered first today."
save "keys, two pairs and their first sessions"
tell "Wren coaches Nerys, and Caius coaches Tobin; their notes are sealed"

chapter "2027-28: one joins, six words are forgotten, the lead coach leaves"
on 2027-09-06
write_calendar 2027
join "Corin Ashby" teacher corin.ashby
begin_pair idris.pellow corin.ashby 2030-07-12 "Every answer is built upon."
third=$cycle
meet "$third" "Pupils answered the board and not each other."
save "somebody new, and a pair"
tell "Corin has made his key, and is coached by Idris"

on 2027-11-08
replace_lost_key tobin.greaves
as caius.thornleigh keys reseal tobin.greaves >>"$talk"
save "a new key for Tobin"
tell "Tobin forgot his six words; Caius, who reads the same notes, sealed them for his new key"

on 2028-07-03
tell "Wren will leave, and the office asks what has to be done before:"
show leaves_something coachbook leaver wren.ashcombe
close_cycle "$first" bram.tolliver "Questions are followed by a silence in which all think."
as wren.ashcombe keys grant $lead idris.pellow
last_day wren.ashcombe 2028-07-20
save "what Wren leaves behind"
on 2028-07-21
coachbook keys revoke $lead wren.ashcombe
save "Wren has left"
tell "Idris is the lead coach; what is sealed from today on, Wren's key does not open"

on 2028-08-28
roll_over 2028
tell "the year begins in a new repository, with what goes on; the cycle of Wren and Nerys does not"

chapter "2028-29: a new head, and two new keys of one role on one day"
on 2028-12-11
join "Maren Sallow" senior-leader maren.sallow
save "Maren has a key"
before=$(git rev-parse HEAD)
as odalys.fenwright keys grant $head maren.sallow
leaves_something coachbook check --since "$before" >>"$talk"
tell "the check stops on a new reader, until one who could read before has signed for her:"
show as odalys.fenwright keys approve "$before" --yes
last_day odalys.fenwright 2028-12-17
save "a new head"
on 2028-12-18
coachbook keys revoke $head odalys.fenwright
as bram.tolliver keys grant $monitor maud.silverlock
save "Odalys has left, and Maud is a second monitor"
tell "Odalys passed her key on and has left; Maud is a second monitor"

on 2029-02-26
clone_for office
(
    cd ../office
    coachbook keys rotate $monitor
    meet "$second" "Everybody at the quiet table read one line."
    save "the office makes a new key of the monitor"
)
coachbook keys revoke $monitor bram.tolliver
save "Bram is a monitor no longer"
pull_stops office
tell "two new keys of the monitor were made in two clones, and git stops"
git checkout -q --ours records/keys/roles
git add records/keys/roles
git commit -q --no-edit
leaves_something as caius.thornleigh keys reseal $monitor >>"$talk"
save "what was sealed to the other new key"
tell "the key that leaves Bram out is kept; Caius sealed anew what was sealed to the other one"

chapter "2029-30: two write in one note, and the only monitor loses her key"
on 2029-09-10
write_calendar 2029
meet "$third" "Corin asked for the reason twice."
save "the third year of Idris and Corin"
clone_for corin
on 2029-09-17
will_type 's/asked for the reason twice/asked for the reason, and waited/'
as idris.pellow edit "$session" >>"$talk"
save "what Idris saw"
(
    cd ../corin
    will_type 's/asked for the reason twice/asked three pupils why/'
    as corin.ashby edit "$session" >>"$talk"
    save "what Corin saw"
)
pull_stops corin
tell "both changed one sealed section: git stops, and both versions stay sealed"
will_type '/^[<=>]\{7\}/d'
as idris.pellow merge "$session" >>"$talk"
git commit -q --no-edit
tell "Idris, who reads both, joined them"

on 2030-01-14
tell "recovery is tried on a copy, as it is once a year:"
show as una.harrow keys drill $school
save "recovery is tried on a copy"
on 2030-01-21
replace_lost_key maud.silverlock
as una.harrow keys reseal $monitor maud.silverlock >>"$talk"
save "a new key for Maud, and for the monitor"
tell "Maud's key is lost, and with it the monitor's; Una, who keeps recovery, sealed all for new ones"

on 2030-08-27
roll_over 2030
tell "the year begins in a new repository"

chapter "2030-31: the fifth year"
on 2030-09-09
make_key elowen.marsh
begin_pair maud.silverlock elowen.marsh 2031-07-11 "Mistakes are looked at together."
meet "$cycle" "A wrong answer stayed on the board for the whole lesson."
change_key caius.thornleigh
save "a new pair, and a key that was due for a change"
tell "Elowen is coached by Maud; Caius changed his key, and nothing was sealed again for that"

chapter "How it stands"
coachbook keys audit
echo
coachbook who-can-read
