/* SPDX-License-Identifier: MIT */
/*
 * The terminal. What would end this process is read from a descriptor, so that the terminal is
 * given back before; only the faults of the program itself are not.
 */
#include "screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util/message.h"
#include "util/terminal.h"
#include "view/view.h"

/* Last: term.h has macros for common words, such as columns. */
#include <curses.h>
#include <term.h>

static struct {
	SCREEN *screen;
	FILE *keys;
	int signal_fd;
	int signal;
	sigset_t before;
	bool has_color;
} terminal = { .signal_fd = -1 };

/* --- whether it will do ----------------------------------------------------------------------- */

static int refuse(const char *why)
{
	error("cannot show the viewer: %s", why);
	hint("'ftopen report --format=list' prints the same lines");
	return -ENOTTY;
}

static bool can_move(void)
{
	const char *move = tigetstr("cup");

	return move && move != (const char *)-1;
}

int view_check_terminal(void)
{
	const char *name = getenv("TERM");
	char why[256];
	int found;

	if (isatty(STDOUT_FILENO) != 1)
		return refuse("standard output is no terminal");
	if (!name || !*name)
		return refuse("TERM is not set");
	if (setupterm(name, STDOUT_FILENO, &found) != OK) {
		snprintf(why, sizeof(why), "there is no description of the terminal '%.64s' (%s)",
			 name, found ? "terminfo" : "terminfo is not installed");
		return refuse(why);
	}
	if (can_move())
		return 0;
	snprintf(why, sizeof(why), "the terminal '%.64s' cannot move its cursor", name);
	return refuse(why);
}

/* --- signals ---------------------------------------------------------------------------------- */

/* What stops a process and lets it go on is left to ncurses, and faults end it at once. */
static const int left_alone[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD, SIGURG,
				  SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT };

static int watch_signals(void)
{
	struct sigaction action;
	sigset_t set;

	sigfillset(&set);
	for (int number = 1; number <= SIGRTMAX; number++) {
		if (number != SIGWINCH && !sigaction(number, NULL, &action) &&
		    action.sa_handler == SIG_IGN)
			sigdelset(&set, number);
	}
	for (size_t i = 0; i < sizeof(left_alone) / sizeof(left_alone[0]); i++)
		sigdelset(&set, left_alone[i]);
	if (sigprocmask(SIG_BLOCK, &set, &terminal.before) < 0)
		return -errno;
	terminal.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (terminal.signal_fd >= 0)
		return 0;
	sigprocmask(SIG_SETMASK, &terminal.before, NULL);
	return -errno;
}

static int take_signal(void)
{
	struct signalfd_siginfo info;
	struct winsize size;

	if (read(terminal.signal_fd, &info, sizeof(info)) != sizeof(info))
		return VIEW_KEY_NONE;
	if (info.ssi_signo != SIGWINCH) {
		terminal.signal = (int)info.ssi_signo;
		return VIEW_KEY_SIGNAL;
	}
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	return VIEW_KEY_RESIZED;
}

int view_screen_signal(void)
{
	return terminal.signal;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* What is written is UTF-8, in every locale; ncurses looks at the locale to take it as that. */
static void use_utf8(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void use_colors(void)
{
	static const short colors[VIEW_STYLES] = {
		[VIEW_PLAIN] = -1,	[VIEW_STRONG] = COLOR_CYAN,   [VIEW_GOOD] = COLOR_GREEN,
		[VIEW_BAD] = COLOR_RED, [VIEW_UNSURE] = COLOR_YELLOW,
	};

	terminal.has_color = terminal_has_color(STDOUT_FILENO) && has_colors() &&
			     start_color() == OK && use_default_colors() == OK;
	for (short i = 1; terminal.has_color && i < VIEW_STYLES; i++)
		init_pair(i, colors[i], -1);
}

/* Keys come from the terminal also where standard input is the recording. */
static int open_terminal(void)
{
	terminal.keys = isatty(STDIN_FILENO) == 1 ? stdin : fopen("/dev/tty", "re");
	if (!terminal.keys)
		return -errno;
	terminal.screen = newterm(NULL, stdout, terminal.keys);
	return terminal.screen ? 0 : -ENOTTY;
}

int view_screen_start(void)
{
	int ret = watch_signals();

	if (!ret) {
		use_utf8();
		ret = open_terminal();
	}
	if (ret) {
		view_screen_end();
		error("cannot show the viewer: %s", strerror(-ret));
		return ret;
	}
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(50);
	use_colors();
	return 0;
}

void view_screen_end(void)
{
	if (terminal.screen) {
		endwin();
		delscreen(terminal.screen);
	}
	if (terminal.keys && terminal.keys != stdin)
		fclose(terminal.keys);
	if (terminal.signal_fd >= 0) {
		close(terminal.signal_fd);
		sigprocmask(SIG_SETMASK, &terminal.before, NULL);
	}
	terminal.screen = NULL;
	terminal.keys = NULL;
	terminal.signal_fd = -1;
}

/* --- drawing ---------------------------------------------------------------------------------- */

size_t view_screen_lines(void)
{
	return (size_t)LINES;
}

size_t view_screen_columns(void)
{
	return (size_t)COLS;
}

static attr_t attributes_of(enum view_style style, bool is_marked)
{
	attr_t attributes = is_marked ? A_REVERSE : A_NORMAL;

	if (style == VIEW_STRONG)
		attributes |= A_BOLD;
	if (terminal.has_color && style != VIEW_PLAIN)
		attributes |= (attr_t)COLOR_PAIR(style);
	return attributes;
}

void view_screen_line(size_t line, const char *text, size_t len, enum view_style style,
		      bool is_marked)
{
	attr_t attributes = attributes_of(style, is_marked);

	bkgdset(is_marked ? (chtype)(attributes | ' ') : ' ');
	move((int)line, 0);
	clrtoeol();
	attrset((int)attributes);
	addnstr(text, (int)len);
	attrset(A_NORMAL);
	bkgdset(' ');
}

void view_screen_show(size_t cursor)
{
	curs_set(cursor != SIZE_MAX);
	if (cursor != SIZE_MAX)
		move(LINES - 1, cursor < (size_t)COLS ? (int)cursor : COLS - 1);
	refresh();
}

/* --- keys ------------------------------------------------------------------------------------- */

static const struct {
	int code;
	enum view_key key;
} keys[] = {
	{ KEY_UP, VIEW_KEY_UP },
	{ KEY_DOWN, VIEW_KEY_DOWN },
	{ KEY_LEFT, VIEW_KEY_LEFT },
	{ KEY_RIGHT, VIEW_KEY_RIGHT },
	{ KEY_PPAGE, VIEW_KEY_PAGE_UP },
	{ KEY_NPAGE, VIEW_KEY_PAGE_DOWN },
	{ KEY_HOME, VIEW_KEY_HOME },
	{ KEY_END, VIEW_KEY_END },
	{ KEY_BTAB, VIEW_KEY_BACK_TAB },
	{ KEY_BACKSPACE, VIEW_KEY_BACKSPACE },
	{ KEY_ENTER, '\r' },
	{ KEY_RESIZE, VIEW_KEY_RESIZED },
	{ 0x7f, VIEW_KEY_BACKSPACE },
	{ '\b', VIEW_KEY_BACKSPACE },
	{ '\n', '\r' },
};

static int key_of(int code)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].code == code)
			return (int)keys[i].key;
	}
	return code == ERR || code > 0xff ? VIEW_KEY_NONE : code;
}

/* A terminal that went away gives no key any more. */
static int take_key(bool is_gone)
{
	int code = getch();

	if (code != ERR || !is_gone)
		return key_of(code);
	terminal.signal = SIGHUP;
	return VIEW_KEY_SIGNAL;
}

int view_screen_key(bool waits)
{
	struct pollfd fds[] = {
		{ .fd = fileno(terminal.keys), .events = POLLIN },
		{ .fd = terminal.signal_fd, .events = POLLIN },
	};
	int code = getch();

	if (code != ERR)
		return key_of(code);
	if (poll(fds, 2, waits ? -1 : 0) <= 0)
		return VIEW_KEY_NONE;
	if (fds[1].revents)
		return take_signal();
	return take_key(fds[0].revents & (POLLHUP | POLLERR));
}

/* --- the clipboard ---------------------------------------------------------------------------- */

static void write_base64(const unsigned char *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t at = 0; at < len; at += 3) {
		size_t left = len - at;
		unsigned int bits = (unsigned int)data[at] << 16;

		bits |= left > 1 ? (unsigned int)data[at + 1] << 8 : 0;
		bits |= left > 2 ? data[at + 2] : 0;
		putchar(digits[bits >> 18]);
		putchar(digits[bits >> 12 & 63]);
		putchar(left > 1 ? digits[bits >> 6 & 63] : '=');
		putchar(left > 2 ? digits[bits & 63] : '=');
	}
}

void view_screen_copy(const char *text, size_t len)
{
	fputs("\033]52;c;", stdout);
	write_base64((const unsigned char *)text, len);
	fputs("\033\\", stdout);
	fflush(stdout);
}
