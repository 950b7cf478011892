/* --- expectations: a row for each claim, in it those who are to blame --- */

function valueText(value) {
	const known = { nothing: 'not seen', NULL: 'NULL', unread: 'a dentry' };
	const text = value.addr ? value.addr + (value.minus ? ` − ${value.minus} = ${BigInt(value.addr) - BigInt(value.minus)}` : '')
		: 'number' in value ? String(value.number) : 'text' in value ? shown(value.text) : known[value.is];
	return text + (value.more ? ` (and ${count(value.more)} more)` : '');
}

function idsText(word, ids, dropped) {
	return ids.length ? `${word} ${ids.join(', ')}` + (dropped ? ` and ${count(dropped)} more` : '') : '';
}

const blamedText = one => idsText('open', one.opens, one.opens_dropped) || idsText('call', one.calls, one.calls_dropped);

/* Those to blame, and the names that are like one that is not there. */
function claimNode(claim) {
	const items = claim.offenders.map(one => shown(one.name) + ': ' +
		[one.values.map(valueText).join(', '), one.why, blamedText(one)].filter(Boolean).join('; '));
	if (claim.offenders_dropped)
		items.push(`and ${count(claim.offenders_dropped)} more`);
	if (claim.near.length)
		items.push('similar names: ' + claim.near.map(shown).join(', '));
	const node = el('div', { textContent: (claim.place ? shown(claim.place) + ': ' : '') + shown(claim.claim) });
	if (items.length)
		node.append(el('ul', {}, ...items.map(item => el('li', { textContent: item }))));
	return node;
}

function showClaims() {
	const verdict = claim => claim.verdict || 'shown';
	$('expectations').append(tableOf('Expectations', [
		textColumn('line', claim => `${shown(claim.file)}:${claim.line}`, 'mono'),
		{ head: 'claim', key: claim => shown(claim.claim), cell: claimNode, class: 'mono wrap' },
		textColumn('seen', claim => [claim.values.map(valueText).join(', '), claim.why].filter(Boolean).join('; '), 'mono wrap'),
		{ head: 'verdict', key: verdict, cell: claim => el('span', { className: verdict(claim), textContent: verdict(claim) }) },
	], claims));
	$('expectations').hidden = false;
}
