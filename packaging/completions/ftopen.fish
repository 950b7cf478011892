# SPDX-License-Identifier: MIT
# Completion of ftopen for fish. What there is to complete, ftopen itself says.

# Lines "COMMAND --OPTION LETTER VALUE"
function __ftopen_list
    ftopen help --list-options 2>/dev/null
end

function __ftopen_commands
    __ftopen_list | string replace -r ' .*' '' | uniq
end

# The command of this line
function __ftopen_command
    set -l words (commandline -opc)
    echo $words[2]
end

# What may stand for a value of this kind, a line each
function __ftopen_values
    switch $argv[1]
        case '*|*'
            string split '|' -- $argv[1]
        case PID
            __fish_complete_pids
        case COMM
            cat /proc/[0-9]*/comm 2>/dev/null | sort -u
        case USER
            __fish_complete_users
        case FILE
            __fish_complete_path (commandline -ct)
    end
end

function __ftopen_scenarios
    set -l program (command -s ftopen); or return
    string match -r '[^/]+(?=\.expect$)' -- (string replace -r '/bin/ftopen$' '' -- $program)/lib/ftopen/scenarios/*.expect
end

# Each option of each command, with its letter and what its value may be
for line in (__ftopen_list)
    set -l row (string split ' ' -- $line)
    set -l option -c ftopen -n "test (__ftopen_command) = $row[1]" -l (string sub -s 3 -- $row[2])
    test $row[3] = - || set -a option -s (string sub -s 2 -- $row[3])
    test $row[4] = - || set -a option -x -a "(__ftopen_values '$row[4]')"
    complete $option
end

complete -c ftopen -f -n 'test (count (commandline -opc)) -eq 1' -a '(__ftopen_commands)'
complete -c ftopen -f -n 'test (__ftopen_command) = help' -a '(__ftopen_commands)'
complete -c ftopen -n 'contains (__ftopen_command) trace top record' -xa '(__ftopen_scenarios) (__fish_complete_command)'
complete -c ftopen -F -n 'contains (__ftopen_command) report diff view'
