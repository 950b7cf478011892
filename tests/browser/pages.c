/* SPDX-License-Identifier: MIT */
/*
 * HTML reports that no recording gives: pages COUNT has so many names; without a number there is
 * one name, which tries all that a name can try.
 */
#include "../unit/chains.h"

static const char hostile[] = "/tmp/</script><script>window.broken=1</script><img src=x "
			      "onerror=window.broken=1><!--\"'&\\\n\033[31m\342\200\256";

static int show(struct renderer *renderer, struct chain *made, const char *path)
{
	const struct open_call open = {
		.id = 1,
		.path = { path, strlen(path) },
		.ts = 5000000000,
		.latency_ns = 70000,
		.has_latency = true,
		.has_result = true,
		.result = -2,
		.cache = CACHE_MISS,
		.complete = true,
		.comm = "</script>",
	};
	struct chain_sink sink = renderer_sink(renderer);
	int ret = sink.open(sink.context, &open);

	made->name.path = (struct bytes){ path, strlen(path) };
	return ret ? ret : sink.name(sink.context, &made->name);
}

int main(int argc, char **argv)
{
	const struct chain_summary summary = { .kernel = "</script>",
					       .totals.lost_is_known = true };
	const struct render_options options = { 0 };
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	struct renderer renderer;

	char path[64];
	int ret = renderer_init(&renderer, &render_html, stdout, &options);

	chain_tm_miss(&chain);
	chain.name.is_requested = true;
	if (!ret && !count)
		ret = show(&renderer, &chain, hostile);
	for (long i = 0; i < count && !ret; i++) {
		snprintf(path, sizeof(path), "/tmp/names/name-%ld.txt", i);
		ret = show(&renderer, &chain, path);
	}
	if (!ret)
		ret = renderer_sink(&renderer).summary(&renderer, &summary);
	renderer_release(&renderer);
	return ret ? 1 : 0;
}
