# SPDX-License-Identifier: MIT
# Completion of ftopen for bash. What there is to complete, ftopen itself says.

# _ftopen_list COMMAND: lines "COMMAND --OPTION LETTER VALUE" of one command
_ftopen_list() {
	ftopen help --list-options 2>/dev/null | awk -v command="$1" '$1 == command'
}

_ftopen_scenarios() {
	local program
	program=$(command -v ftopen) || return
	ls "${program%/bin/ftopen}/lib/ftopen/scenarios" 2>/dev/null | grep -v '\.expect$'
}

# _ftopen_values VALUE: what may stand for a value of this kind, a line each
_ftopen_values() {
	case $1 in
	*'|'*) tr '|' '\n' <<<"$1" ;;
	PID) ps -e -o pid= 2>/dev/null | tr -d ' ' ;;
	COMM) cat /proc/[0-9]*/comm 2>/dev/null | sort -u ;;
	USER) compgen -u ;;
	FILE) compgen -f -- "$2" ;;
	esac
}

_ftopen() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} value
	local command=${COMP_WORDS[1]} IFS=$'\n'

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "$(ftopen help --list-options 2>/dev/null | cut -d ' ' -f 1 |
			uniq)" -- "$word"))
		return
	fi
	# "--option=va" comes as three words, "--option va" as two.
	[ "$word" != '=' ] || word=
	[ "$before" != '=' ] || before=${COMP_WORDS[COMP_CWORD - 2]}
	value=$(_ftopen_list "$command" | awk -v option="$before" '
		($2 == option || $3 == option) && $4 != "-" { print $4; exit }')
	if [ -n "$value" ]; then
		COMPREPLY=($(compgen -W "$(_ftopen_values "$value" "$word")" -- "$word"))
		return
	fi
	case $command:$word in
	*:-*) COMPREPLY=($(compgen -W "$(_ftopen_list "$command" | cut -d ' ' -f 2)" -- "$word")) ;;
	trace:* | top:* | record:*)
		COMPREPLY=($(compgen -W "$(_ftopen_scenarios)" -- "$word") $(compgen -c -- "$word"))
		;;
	view:*)
		if [[ " ${COMP_WORDS[*]:2:COMP_CWORD-2} " == *' -- '* ]]; then
			COMPREPLY=($(compgen -c -- "$word"))
		else
			COMPREPLY=($(compgen -f -- "$word"))
		fi
		;;
	report:* | diff:*) COMPREPLY=($(compgen -f -- "$word")) ;;
	help:*)
		COMPREPLY=($(compgen -W "$(ftopen help --list-options 2>/dev/null | cut -d ' ' -f 1 |
			uniq)" -- "$word"))
		;;
	esac
}
complete -F _ftopen ftopen
