/* --- one name --- */

function unpack(line) {
	const [, , , , path, links, lifetimes, relations, paths] = line;
	const hops = [], colours = new Map();
	let ts = 0, comm = null, symbols = (summary || {}).symbols || {};
	const lives = lifetimes.map(([index, dentry, born, storage, end, endComm, endTid, negative, list, dropped]) => {
		const life = { index, dentry, born: BORN[born], storage: STORAGES[storage], end: ENDS[end], endComm, endTid, negative, dropped, hops: [] };
		for (const [kind, probe, addr, delta, cpu, tid, open, said, extra] of list) {
			ts += delta;
			comm = said === '' ? comm : said;
			if (addr && !colours.has(addr))
				colours.set(addr, COLOURS[colours.size % COLOURS.length]);
			const hop = { kind: HOPS[kind], point: POINTS[probe & 1], symbol: symbols[probe] || ROLES[probe >> 1], addr, ts, cpu, tid, open, comm, extra, life };
			life.hops.push(hop);
			hops.push(hop);
		}
		return life;
	});
	hops.sort((a, b) => a.ts - b.ts);
	return { path, links, paths, lives, hops, colours, relations: relations.map(([left, op, right, la, ra, life, open, value, isLength, means, verdict, why]) =>
		({ left, op: OPS[op], right, la, ra, life, open, value, means: means === null ? '' : isLength ? `len("${shown(means)}")` : means, verdict: VERDICTS[verdict], why })) };
}

/* The hop at one side of a relation. */
const hopOf = (name, relation, kind, addr) => name.hops.find(hop => hop.kind === kind && hop.addr === addr &&
	hop.life.index === relation.life && (!relation.open || hop.open === relation.open));

function timeline(name) {
	const cpus = [...new Set(name.hops.map(hop => hop.cpu))].sort((a, b) => a - b);
	const step = 76, left = 70, top = 26 + name.lives.length * 22, lane = 84;
	const width = left + name.hops.length * step + 30, height = top + cpus.length * lane + 34;
	const x = hop => left + name.hops.indexOf(hop) * step + 20, y = hop => top + cpus.indexOf(hop.cpu) * lane + 46;
	const picture = svg('svg', { width, height, role: 'img', 'aria-label': `Timeline of ${shown(name.path)}: ${name.hops.length} steps on ` +
		`${cpus.length} processors, ${name.lives.length} lifetimes; the tables below say the same` });
	cpus.forEach((cpu, i) => {
		picture.append(svg('rect', { x: 0, y: top + i * lane, width, height: lane - 4, fill: 'var(--bar)', opacity: .5 }));
		picture.append(svg('text', { x: 8, y: top + i * lane + 50 }, 'CPU ' + cpu));
	});
	name.lives.forEach((life, i) => {
		if (!life.hops.length)
			return;
		const from = x(life.hops[0]) - 14, to = x(life.hops[life.hops.length - 1]) + 14;
		picture.append(svg('rect', { x: from, y: 8 + i * 22, width: Math.max(28, to - from), height: 16, rx: 8, fill: 'var(--accent)', opacity: .3 }));
		picture.append(svg('text', { x: from + 8, y: 20 + i * 22 }, `lifetime ${life.index + 1}: ${life.storage}, ${life.end}`));
	});
	for (const relation of name.relations) {
		const a = hopOf(name, relation, relation.left, relation.la), b = hopOf(name, relation, relation.right, relation.ra);
		if (!a || !b || a === b)
			continue;
		const [ax, ay, bx, by] = [x(a), y(a), x(b), y(b)], bow = Math.min(36, 12 + Math.abs(ax - bx) / 14);
		const colour = relation.op === '==' ? name.colours.get(a.addr) : 'var(--soft)';
		picture.append(svg('path', { d: `M${ax} ${ay} Q${(ax + bx) / 2} ${Math.min(ay, by) - bow * 1.6} ${bx} ${by}`, fill: 'none', stroke: colour,
			'stroke-width': relation.op === '==' ? 2 : 1.4, 'stroke-dasharray': relation.op === '==' ? '' : '4 3' }));
		if (relation.value !== null)
			picture.append(svg('text', { x: (ax + bx) / 2, y: Math.min(ay, by) - bow + 4, 'text-anchor': 'middle' },
				`${relation.left} − ${relation.right} = ${relation.value}` + (relation.means ? ' = ' + relation.means : '')));
	}
	for (const hop of name.hops) {
		const mark = hop.addr ? svg('circle', { cx: x(hop), cy: y(hop), r: 7, fill: name.colours.get(hop.addr) }) :
			svg('path', { d: `M${x(hop) - 5} ${y(hop) - 5} l10 10 m0 -10 l-10 10`, stroke: 'var(--soft)', 'stroke-width': 2.4 });
		mark.append(svg('title', {}, `${hop.symbol} ${hop.point}: ${hop.addr ? '0x' + hop.addr : 'NULL'}`));
		picture.append(mark, svg('text', { x: x(hop), y: y(hop) + 22, 'text-anchor': 'middle' }, hop.kind));
	}
	const began = name.hops.length ? name.hops[0].ts : 0;
	name.hops.forEach((hop, i) => {
		if (i % 2 === 0)
			picture.append(svg('text', { x: x(hop), y: height - 12, 'text-anchor': 'middle', class: 'soft' }, when(hop.ts - began)));
	});
	return picture;
}

function note(hop) {
	if (hop.kind === 'file' && hop.extra)
		return 'failed: ' + errno(hop.extra);
	if (hop.kind === 'lookup')
		return hop.addr ? (hop.extra ? 'found, negative' : 'found') : 'found nothing';
	return '';
}

const stepNumber = hop => hop.open || null;

function stepTable(name, address) {
	const began = name.hops.length ? name.hops[0].ts : 0;
	return tableOf('Steps', [
		numberColumn('life', hop => hop.life.index + 1),
		{ head: 'open', key: stepNumber, cell: hop => hop.open ? el('a', { href: '#open=' + hop.open, textContent: hop.open }) : '', class: 'n' },
		textColumn('step', hop => hop.kind),
		textColumn('function', hop => `${hop.symbol} ${hop.point}`, 'mono'),
		{ head: 'address of the name', key: hop => hop.addr || '', cell: hop => address(hop.addr), class: 'mono' },
		textColumn('result', note),
		{ head: 'time', key: hop => hop.ts - began, cell: hop => when(hop.ts - began), class: 'n' },
		{ head: 'cpu', key: hop => hop.cpu, cell: hop => String(hop.cpu), class: 'n' },
		textColumn('task', hop => `${shown(hop.comm)} (${hop.tid})`, 'mono'),
	], name.hops);
}

function relationTable(name, address) {
	const text = relation => (relation.verdict === 'none' ? '' : relation.verdict) + (relation.why ? ` (${relation.why})` : '');
	const value = relation => relation.value === null ? '' : `${relation.value}${relation.means ? ' = ' + relation.means : ''}`;
	return tableOf('What the addresses prove', [
		numberColumn('life', relation => relation.life + 1),
		textColumn('relation', relation => `${relation.left} ${relation.op === '-' ? '−' : relation.op} ${relation.right}`, 'mono'),
		{ head: 'left', key: relation => relation.la || '', cell: relation => address(relation.la), class: 'mono' },
		{ head: 'right', key: relation => relation.ra || '', cell: relation => address(relation.ra), class: 'mono' },
		textColumn('difference', value, 'mono'),
		{ head: 'verdict', key: text, cell: relation => el('span', { className: relation.verdict, textContent: text(relation) }) },
	], name.relations);
}

function lifeText(life) {
	return `Lifetime ${life.index + 1}: ${life.dentry ? 'dentry 0x' + life.dentry : 'no dentry seen'}, born ${life.born}, name ${life.storage}, ended ${life.end}` +
		(life.endComm ? ` by ${shown(life.endComm)} (${life.endTid})` : '') + (life.negative ? ', negative' : '') +
		(life.dropped ? `; ${count(life.dropped)} steps were dropped` : '');
}

function nameNodes(line) {
	const name = unpack(line);
	const address = addr => addr ? el('span', { className: 'mono' }, Object.assign(el('span', { className: 'dot' }), { style: `background:${name.colours.get(addr) || 'transparent'}` }), '0x' + addr) : 'NULL';
	const picture = el('figure', { className: 'scroll', tabIndex: 0 }, timeline(name));
	const steps = stepTable(name, address), relations = relationTable(name, address);
	picture.setAttribute('role', 'group');
	picture.setAttribute('aria-label', 'Timeline');
	steps.id = 'steps';
	relations.id = 'claims';
	return [el('h2', { className: 'mono', tabIndex: -1, textContent: shown(name.path) }),
		el('p', { className: 'soft', textContent: [...name.paths.map(path => 'passed as ' + shown(path)),
			...name.links.map((link, i) => i % 2 ? '' : `through ${shown(link)} -> ${shown(name.links[i + 1])}`)].filter(text => text).join(', ') }),
		...name.lives.map(life => el('p', { textContent: lifeText(life) })), picture,
		el('h3', { textContent: 'Steps' }), steps, el('h3', { textContent: 'What the addresses prove' }), relations];
}
