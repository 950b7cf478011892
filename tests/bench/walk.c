/* SPDX-License-Identifier: MIT */
/*
 * The floor: libtracecmd walks every record of every buffer of a file and does nothing with it.
 */
#include <stdio.h>

#include <trace-cmd.h>

static int nothing(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *data)
{
	(void)handle;
	(void)record;
	(void)cpu;
	++*(long *)data;
	return 0;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handle;
	long count = 0;
	int buffers;

	handle = argc > 1 ? tracecmd_open(argv[1], TRACECMD_FL_LOAD_NO_PLUGINS) : NULL;
	if (!handle)
		return 1;
	buffers = tracecmd_buffer_instances(handle);
	tracecmd_iterate_events(handle, NULL, 0, nothing, &count);
	for (int i = 0; i < buffers; i++) {
		struct tracecmd_input *buffer = tracecmd_buffer_instance_handle(handle, i);

		if (buffer)
			tracecmd_iterate_events(buffer, NULL, 0, nothing, &count);
	}
	printf("%ld records\n", count);
	tracecmd_close(handle);
	return 0;
}
