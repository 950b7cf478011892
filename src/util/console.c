/* SPDX-License-Identifier: MIT */
/*
 * A terminal that is redrawn, with the few sequences that every terminal has.
 */
#include "util/console.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_ROWS    24
#define USUAL_COLUMNS 80

static void take_modes(const struct console *console)
{
	struct termios modes = console->before;

	if (!console->has_modes)
		return;
	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	modes.c_cc[VMIN] = 0;
	modes.c_cc[VTIME] = 0;
	tcsetattr(console->keys, TCSADRAIN, &modes);
}

void console_open(struct console *console)
{
	console->keys = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	console->has_modes = console->keys >= 0 && !tcgetattr(console->keys, &console->before);
	take_modes(console);
}

char console_key(const struct console *console)
{
	char key;

	return console->has_modes && read(console->keys, &key, 1) == 1 ? key : '\0';
}

void console_clear(const struct console *console, FILE *out)
{
	take_modes(console);
	fputs("\033[H\033[J", out);
}

void console_close(struct console *console)
{
	if (console->has_modes)
		tcsetattr(console->keys, TCSADRAIN, &console->before);
	if (console->keys >= 0)
		close(console->keys);
	memset(console, 0, sizeof(*console));
	console->keys = -1;
}

void console_size(int fd, size_t *rows, size_t *columns)
{
	struct winsize size;
	bool is_known = !ioctl(fd, TIOCGWINSZ, &size) && size.ws_row && size.ws_col;

	*rows = is_known ? size.ws_row : USUAL_ROWS;
	*columns = is_known ? size.ws_col : USUAL_COLUMNS;
}
