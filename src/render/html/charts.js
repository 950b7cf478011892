/* --- the plots, and the tables beside them --- */

const COLOURS = ['#3b78d8', '#d9822b', '#2f9e64', '#b5489a', '#8a6d3b', '#5b8c9e', '#c0392b', '#7d5fc4', '#6b8e23', '#c2788f'];

function bars(title, rows, unit) {
	const most = Math.max(1, ...rows.map(row => row[1]));
	const picture = svg('svg', { viewBox: `0 0 420 ${rows.length * 24 + 4}`, width: '100%', role: 'img',
		'aria-label': title + ': ' + rows.map(row => row[0] + ' ' + count(row[1])).join(', ') });
	rows.forEach(([label, value], i) => {
		const y = i * 24;
		picture.append(svg('rect', { x: 150, y: y + 3, width: 190 * value / most, height: 16, rx: 3,
			fill: COLOURS[i % COLOURS.length] }));
		picture.append(svg('text', { x: 144, y: y + 16, 'text-anchor': 'end' },
			label.length > 22 ? label.slice(0, 21) + '…' : label));
		picture.append(svg('text', { x: 346, y: y + 16, class: 'soft' }, count(value) + (unit || '')));
	});
	return el('figure', {}, el('figcaption', { textContent: title }), picture);
}

function histogram() {
	const last = Math.max(1, ...stats.latency.map(list => list.length));
	const sums = Array.from({ length: last }, (_, i) => stats.latency.reduce((sum, list) => sum + (list[i] || 0), 0));
	const first = Math.max(0, sums.findIndex(sum => sum > 0)), totals = sums.slice(first), buckets = totals.length;
	const most = Math.max(1, ...totals), width = Math.min(90, 400 / buckets);
	const label = i => time(2 ** (i + first + 9));
	const picture = svg('svg', { viewBox: '0 0 420 168', width: '100%', role: 'img',
		'aria-label': 'How long opens took: ' + totals.map((sum, i) => sum ? `${count(sum)} from ${label(i)}` : '').filter(Boolean).join(', ') });
	for (let i = 0; i < buckets; i++) {
		let y = 140;
		stats.latency.forEach((list, cache) => {
			const height = 130 * (list[i + first] || 0) / most;
			y -= height;
			picture.append(svg('rect', { x: 10 + i * width, y, width: Math.max(1, width - 2), height, fill: COLOURS[cache] },
				svg('title', {}, `${CACHES[cache]}: ${count(list[i + first] || 0)} from ${label(i)}`)));
		});
		if (buckets < 9 || i % Math.ceil(buckets / 8) === 0)
			picture.append(svg('text', { x: 10 + i * width, y: 156, class: 'soft' }, label(i)));
	}
	return el('figure', {}, el('figcaption', { textContent: 'How long opens took, by what the cache had' }), picture);
}

const titled = (title, box) => el('figure', {}, el('figcaption', { textContent: title }), box);

function countTable(title, first, map) {
	const columns = [{ ...textColumn(first, row => row.key, 'mono'), cell: row => pathNode(row.key) }, numberColumn('opens', row => row.all),
		...CACHES.map((cache, i) => numberColumn(cache, row => row.counts[i]))];
	const rows = [...map].map(([key, counts]) => ({ key, counts, all: sum(counts) })).sort((a, b) => b.all - a.all);
	return titled(title, tableOf(title, columns, rows));
}

function stageTable(rows) {
	const title = 'Where the time goes';
	return titled(title, tableOf(title, [textColumn('stage', row => row[0]), numberColumn('opens', row => row[1]),
		...['in all', '50 % within', '99 % within', 'slowest'].map((head, i) => timeColumn(head, row => row[i + 2])),
		{ ...textColumn('slowest at', row => shown(row[6]), 'mono'), cell: row => pathNode(shown(row[6])) }], rows));
}

function showPlots(stages) {
	const caches = CACHES.map((cache, i) => [cache, opens.reduce((all, open) => all + (open.cache === i), 0)]);
	$('plots').append(bars('Opens by what the directory cache had', caches), histogram(),
		countTable('Programs', 'program', stats.programs), countTable('Directories', 'directory', stats.folders));
	if (stages && stages.length)
		$('plots').append(stageTable(stages));
}
