/* --- the page: totals, searches, and what the address after # asks for --- */

/* Name flags, as html_name.c knows them. */
const FLAGS = { failed: 1, miss: 2, negative: 4, evicted: 8, several: 16, FAIL: 32, UNKNOWN: 64 };
const remarks = name => Object.keys(FLAGS).filter(key => name.flags & FLAGS[key]).join(' ');

const linkOf = name => '#name=' + encodeURIComponent(name.name).replace(/%2F/g, '/') + (name.nth > 1 ? '&n=' + name.nth : '');

const nameColumns = [
	{ head: 'name', key: name => name.low, cell: name => el('a', { href: linkOf(name), title: name.name }, pathNode(name.name)), class: 'mono main' },
	numberColumn('lifetimes', name => name.lives, 'wide'),
	numberColumn('steps', name => name.steps, 'wide'),
	textColumn('remarks', remarks, 'soft remarks'),
];

/* A table below a search and a filter. @isFound: whether a row passes both */
function searchable(label, columns, rows, ids, isFound) {
	const table = makeTable(label, filled(columns, rows));
	const search = () => {
		const found = rows.filter(isFound(matcher($(ids.search).value), $(ids.filter).value));
		$(ids.found).textContent = `${count(found.length)} of ${count(rows.length)} ${label.toLowerCase()}`;
		table.show(found);
	};
	$(ids.search).oninput = search;
	$(ids.filter).onchange = search;
	$(ids.box).append(table.box);
	search();
}

const isOpenFound = (matches, wanted) => open => (matches(open.low) || matches(open.comm.toLowerCase())) &&
	(!wanted || (wanted === 'failed' ? open.result !== null && open.result < 0 : CACHES[open.cache] === wanted));
const isNameFound = (matches, wanted) => name => (!wanted || name.flags & FLAGS[wanted]) && matches(name.low);

function showLists() {
	for (const cache of CACHES)
		for (const filter of ['open-filter', 'call-filter'])
			$(filter).append(el('option', { value: cache, textContent: 'cache: ' + cache }));
	searchable('Opens', openColumns(), opens, { search: 'open-search', filter: 'open-filter', found: 'open-found', box: 'opens' }, isOpenFound);
	$('path-calls').hidden = !pathCalls.length;
	searchable('Calls', callColumns(), pathCalls, { search: 'call-search', filter: 'call-filter', found: 'call-found', box: 'calls' }, isOpenFound);
	searchable('Names', nameColumns, names, { search: 'search', filter: 'filter', found: 'found', box: 'names' }, isNameFound);
}

function showTotals(s) {
	$('about').textContent = s.kernel ? `Kernel ${s.kernel} ${s.arch || ''}, ${count(s.records)} records${s.layout && s.layout !== 'btf' ? ', layout ' + s.layout : ''}` : 'The recording does not name its kernel.';
	const tiles = [['opens', s.opens], ['failed', stats.failed], ['names', names.length], ['hits', s.hits], ['negative hits', s.negative_hits],
		['misses', s.misses], ['created', s.created], ['allocations', s.allocs], ['evictions', s.evictions], ['pass', s.verdicts.PASS], ['fail', s.verdicts.FAIL], ['unknown', s.verdicts.UNKNOWN], ['lost', s.lost]];
	$('tiles').append(...tiles.map(([label, value]) => el('li', {}, el('b', { textContent: count(value) }), label)));
	const unselected = losses.filter(loss => loss[6]), lost = losses.length - unselected.length;
	const told = [lost ? `Records were lost ${count(lost)} times, ${count(s.lost)} in all: what they could have changed is UNKNOWN.` : '',
		unselected.length ? 'What tasks opened before they were selected is not there.' : ''].filter(Boolean);
	$('losses').append(...told.map(textContent => el('p', { className: 'loss', textContent })));
}

/* What #name=PATH, #name=PATH&n=NUMBER or #open=NUMBER asks for; null if there is nothing like it. */
function nodesOf(hash) {
	const [, path, nth] = /^#name=(.*?)(?:&n=(\d+))?$/.exec(hash) || [], [, id] = /^#open=(\d+)$/.exec(hash) || [];
	try {
		const name = path !== undefined && (byName.get(decodeURIComponent(path)) || [])[(nth || 1) - 1];
		if (name)
			return nameNodes(JSON.parse(text.slice(name.at, name.end)));
	} catch {
		return null;
	}
	const open = id && [opens, pathCalls].map(list => list.find(one => one.id === +id)).find(Boolean);
	return open ? openNodes(open) : null;
}

/* The heading gets the focus, so that a screen reader goes on there; Back goes back to the list. */
function showAsked() {
	if (!location.hash)
		return;
	const nodes = nodesOf(location.hash) || [el('h2', { tabIndex: -1, textContent: 'This report has nothing of that name or number' })];
	$('detail').replaceChildren(...nodes);
	nodes[0].focus();
	$('detail').scrollIntoView();
}

function showAll() {
	const s = summary || { verdicts: {} };
	showTotals(s);
	showPlots(s.stages);
	if (claims.length)
		showClaims();
	showLists();
	window.onhashchange = showAsked;
	showAsked();
	document.body.dataset.ready = 'yes';
}

read(text.indexOf('\n', start) + 1, showAll);
