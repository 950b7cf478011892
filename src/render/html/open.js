/* --- opens and path calls: their tables, and one of them --- */

/* As programs see it: a descriptor or the error's name. */
function resultText(open) {
	if (open.result === null)
		return 'unknown';
	return open.result < 0 ? errno(-open.result) : '= ' + open.result;
}

const stageNs = (open, i) => open.stages ? open.stages[i] : null;
const userText = open => open.uid === null ? '' : String(open.uid);
const openLink = open => el('a', { href: '#open=' + open.id, textContent: open.id });

function nameLink(path) {
	const found = byName.get(path), node = pathNode(path);
	return found ? el('a', { href: linkOf(found[0]), title: path }, node) : node;
}

const openColumns = () => [
	{ head: 'open', key: open => open.id, cell: openLink, class: 'n id' },
	textColumn('program', open => open.comm, 'mono comm'),
	{ head: 'user', key: open => open.uid, cell: userText, class: 'n user', sparse: true },
	{ head: 'path', key: open => open.low, cell: open => nameLink(open.path), class: 'mono main' },
	textColumn('result', resultText, 'mono result'),
	textColumn('cache', open => CACHES[open.cache], 'cache'),
	timeColumn('took', open => open.latency, 'took'),
	...STAGES.map((stage, i) => timeColumn(stage, open => stageNs(open, i), 'wide')),
];

const callColumns = () => {
	const [id, ...others] = openColumns().slice(0, -STAGES.length);
	return [{ ...id, head: 'number' }, textColumn('call', call => CALLS[call.call], 'mono comm'), ...others];
};

/* Path calls are called what they are. */
const kindOf = open => pathCalls.includes(open) ? CALLS[open.call] : 'Open';

/* The stages as parts of one bar; the table below has the same numbers. */
function stageBar(open) {
	const known = open.stages.map((ns, i) => [STAGES[i], ns, i]).filter(stage => stage[1]);
	const all = sum(known.map(stage => stage[1])) || 1;
	const picture = svg('svg', { viewBox: '0 0 1000 22', width: '100%', height: 22, preserveAspectRatio: 'none', role: 'img',
		'aria-label': 'Stages: ' + known.map(([stage, ns]) => `${stage} ${time(ns)}`).join(', ') });
	let x = 0;
	for (const [stage, ns, i] of known) {
		picture.append(svg('rect', { x, y: 0, width: 1000 * ns / all, height: 22, fill: COLOURS[i] }, svg('title', {}, `${stage}: ${time(ns)}`)));
		x += 1000 * ns / all;
	}
	return picture;
}

function stageNodes(open) {
	const rows = open.stages.map((ns, i) => ({ stage: STAGES[i], ns, i })).filter(row => row.ns !== null);
	const dot = row => el('span', {}, Object.assign(el('span', { className: 'dot' }), { style: `background:${COLOURS[row.i]}` }), row.stage);
	return [el('h3', { textContent: 'Where its time went' }), stageBar(open), tableOf('Where its time went', [
		{ head: 'stage', key: row => row.stage, cell: dot }, timeColumn('time', row => row.ns)], rows)];
}

function openNodes(open) {
	const cache = CACHES[open.cache] + (open.why ? ` (${open.why})` : '');
	const facts = [['program', `${open.comm} (${open.tid})`], ['call', CALLS[open.call] || 'unknown'], ['result', resultText(open)],
		['cache', cache], ['took', open.latency === null ? 'unknown' : time(open.latency)], ['complete', open.complete ? 'yes' : 'no']];
	if (open.uid !== null)
		facts.splice(1, 0, ['user', userText(open)]);
	if (open.passed !== null)
		facts.splice(-4, 0, ['passed as', open.passed]);
	return [el('h2', { className: 'mono', tabIndex: -1 }, `${kindOf(open)} ${open.id}: `, nameLink(open.path)),
		el('dl', {}, ...facts.flatMap(([what, value]) => [el('dt', { textContent: what }), el('dd', { className: 'mono', textContent: value })])),
		...open.stages ? stageNodes(open) : []];
}
