/*
 * --- the data: a line of JSON with the words (4), then one for each open (0), path call (6), name (1),
 * loss (2), claim (5) and the summary (3), as html.c and html_name.c write them; those of names are parsed when they are
 * looked at ---
 */
const text = $('data').textContent;
const start = text.indexOf('[4,');
const { HOPS, CACHES, ENDS, STORAGES, BORN, VERDICTS, OPS, POINTS, ROLES, CALLS, STAGES, ERRNOS, TIMES } =
	JSON.parse(text.slice(start, text.indexOf('\n', start)))[1];
const when = ns => TIMES ? '+' + time(ns) : '';
const errno = number => ERRNOS[number] || 'errno ' + number;
const opens = []; /* { id, path, result, tid, comm, latency, cache, call, passed, why, stages, uid, low } */
const pathCalls = []; /* the same, without stages */
const names = []; /* { at, end, name, low, nth, flags, lives, steps } */
const byName = new Map(); /* the names of a text */
const losses = [], claims = [];
const stats = { failed: 0, latency: CACHES.map(() => []), programs: new Map(), folders: new Map() };
let summary = null;

/* A text that is there already is used again: there are few programs and fewer paths than opens. */
const interned = new Map();
function intern(value) {
	if (!interned.has(value))
		interned.set(value, value);
	return interned.get(value);
}

function countOpen(open) {
	const folder = open.path.replace(/[^/]*$/, '');
	stats.failed += open.result !== null && open.result < 0;
	if (open.latency !== null) {
		const bucket = Math.max(0, Math.floor(Math.log2(open.latency)) - 9);
		stats.latency[open.cache][bucket] = (stats.latency[open.cache][bucket] || 0) + 1;
	}
	for (const [map, key] of [[stats.programs, open.comm], [stats.folders, folder]]) {
		const row = map.get(key) || CACHES.map(() => 0);
		row[open.cache]++;
		map.set(key, row);
	}
}

function openOf([, id, path, result, tid, comm, latency, cache, complete, call, passed, why, stages, uid]) {
	const open = { id, path: intern(shown(path)), result, tid, comm: intern(shown(comm)), latency, cache, complete, call,
		passed: passed === null ? null : intern(shown(passed)), why, stages, uid };
	open.low = intern(open.path.toLowerCase());
	return open;
}

function takeOpen(line) {
	const open = openOf(line);
	opens.push(open);
	countOpen(open);
}

/* A name's line begins with what the table shows of it: the rest waits. */
const nameHead = /\[1,(\d+),(\d+),(\d+),("(?:[^"\\]|\\.)*"|null|\{[^}]*\})/y;

function takeName(at, end) {
	nameHead.lastIndex = at;
	const head = nameHead.exec(text);
	const name = shown(JSON.parse(head[4])), equal = byName.get(name) || [];
	equal.push({ at, end, name, low: name.toLowerCase(), nth: equal.length + 1, flags: +head[1], lives: +head[2], steps: +head[3] });
	byName.set(name, equal);
	names.push(equal[equal.length - 1]);
}

const takers = {
	0: takeOpen,
	2: line => losses.push(line),
	3: line => { summary = line[1]; },
	5: line => claims.push(line[1]),
	6: line => pathCalls.push(openOf(line)),
};

/* In pieces, so that the page answers meanwhile. */
function read(at, done) {
	const until = performance.now() + 60;
	while (at < text.length) {
		let end = text.indexOf('\n', at);
		if (end < 0)
			end = text.length;
		if (text[at + 1] === '1')
			takeName(at, end);
		else if (end > at) {
			const line = JSON.parse(text.slice(at, end));
			takers[line[0]](line);
		}
		at = end + 1;
		if (performance.now() > until) {
			$('about').textContent = 'Reading… ' + Math.floor(100 * at / text.length) + ' %';
			setTimeout(read, 0, at, done);
			return;
		}
	}
	done();
}
