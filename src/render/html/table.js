/*
 * --- tables: a click on a column's head sorts; of many rows only those that can be seen are in the
 * page, and the arrow keys go from the link of one row to that of the next ---
 *
 * A column has a head, what its cells show of a row (text or a node), what the rows are sorted by, a
 * class, and whether it is left out when empty (sparse).
 */
const ROW = 30, MANY = 24;

function compare(a, b) {
	if (a === null || b === null)
		return (a === null) - (b === null);
	return a < b ? -1 : a > b ? 1 : 0;
}

function makeTable(label, columns) {
	const body = el('tbody'), above = el('tbody'), below = el('tbody');
	const heads = columns.map(column => el('th', { className: column.class || '', scope: 'col' },
		column.key ? el('button', { type: 'button', textContent: column.head, onclick: () => sortBy(column) }) : column.head));
	const table = el('table', {}, el('thead', {}, el('tr', {}, ...heads)), above, body, below);
	const box = el('div', { className: 'scroll', tabIndex: 0, onscroll: draw, onkeydown: move }, table);
	let rows = [], order = null, isDown = false, drawn = new Map();

	table.setAttribute('aria-label', label);
	box.setAttribute('role', 'group');
	box.setAttribute('aria-label', label);
	for (const space of [above, below])
		space.setAttribute('aria-hidden', true);

	/* Numbers are sorted from the largest at first, because that is what is looked for. */
	function sortBy(column) {
		const sample = rows.length ? column.key(rows[0]) : 0;
		isDown = order === column ? !isDown : typeof sample !== 'string';
		order = column;
		heads.forEach((head, i) => columns[i] === column ? head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending') :
			head.removeAttribute('aria-sort'));
		show(rows);
	}

	function show(list) {
		rows = list;
		if (order) {
			const keys = rows.map((row, i) => [order.key(row), i]), way = isDown ? -1 : 1;
			keys.sort((a, b) => a[0] === null || b[0] === null ? compare(a[0], b[0]) || a[1] - b[1] :
				way * compare(a[0], b[0]) || a[1] - b[1]);
			rows = keys.map(key => list[key[1]]);
		}
		table.setAttribute('aria-rowcount', rows.length + 1);
		box.classList.toggle('many', rows.length > MANY);
		drawn = new Map();
		body.replaceChildren();
		box.scrollTop = 0;
		draw();
	}

	function rowNode(i) {
		const node = el('tr', {}, ...columns.map(column => {
			const content = column.cell(rows[i]);
			return el('td', { className: column.class || '' }, content);
		}));
		node.setAttribute('aria-rowindex', i + 2);
		return node;
	}

	const spacer = height => height ? [el('tr', {}, el('td', { colSpan: columns.length, style: `height:${height}px;padding:0;border:0` }))] : [];

	/* Rows that stay are the same elements, so that none loses the focus. */
	function draw() {
		const isMany = rows.length > MANY, first = isMany ? Math.max(0, Math.floor(box.scrollTop / ROW) - 10) : 0;
		const end = isMany ? Math.min(rows.length, first + 42) : rows.length;
		const kept = new Map();
		for (let i = first; i < end; i++)
			kept.set(i, drawn.get(i) || rowNode(i));
		const hadFocus = [...drawn].some(([i, node]) => !kept.has(i) && node.contains(document.activeElement));
		for (const [i, node] of drawn)
			if (!kept.has(i))
				node.remove();
		let before = null;
		for (const node of [...kept.values()].reverse()) {
			if (node.parentNode !== body)
				body.insertBefore(node, before);
			before = node;
		}
		drawn = kept;
		above.replaceChildren(...spacer(first * ROW));
		below.replaceChildren(...spacer((rows.length - end) * ROW));
		if (hadFocus)
			box.focus({ preventScroll: true });
	}

	/* From row @i on the first one with a link, @way being 1 or -1; -1 if there is none. */
	function findLink(i, way) {
		while (i >= 0 && i < rows.length && !(drawn.get(i) || rowNode(i)).querySelector('a'))
			i += way;
		return i < rows.length ? i : -1;
	}

	function move(event) {
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
		if (!step || !body.querySelector('a'))
			return;
		const at = [...drawn.keys()].find(i => drawn.get(i).contains(document.activeElement));
		const aim = Math.min(rows.length - 1, Math.max(0, (at === undefined ? -1 : at) + step)), way = Math.sign(step);
		const next = findLink(aim, way), to = next < 0 ? findLink(aim, -way) : next;
		event.preventDefault();
		if (rows.length > MANY && (to * ROW < box.scrollTop || (to + 3) * ROW > box.scrollTop + box.clientHeight)) {
			box.scrollTop = Math.max(0, to * ROW - box.clientHeight / 2);
			draw();
		}
		drawn.get(to).querySelector('a').focus({ preventScroll: rows.length > MANY });
	}

	return { box, show };
}

/* Without the columns of numbers that would be empty. */
const filled = (columns, rows) => columns.filter(column => !column.sparse || !rows.length || rows.some(row => column.cell(row) !== ''));

/* One that has all of its rows from the beginning. */
function tableOf(label, columns, rows) {
	const table = makeTable(label, filled(columns, rows));
	table.show(rows);
	return table.box;
}

const textColumn = (head, key, className) => ({ head, key, cell: row => String(key(row) ?? ''), class: className || '' });
const numberColumn = (head, key, className) => ({ head, key, cell: row => key(row) ? count(key(row)) : '', class: 'n ' + (className || ''), sparse: true });
const timeColumn = (head, key, className) => ({ head, key, cell: row => key(row) === null ? '' : time(key(row)), class: 'n ' + (className || ''), sparse: true });
