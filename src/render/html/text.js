'use strict';
/* --- elements, and values as text; names get into the page as text only --- */

const $ = id => document.getElementById(id);
const el = (tag, properties, ...children) => {
	const node = Object.assign(document.createElement(tag), properties || {});
	node.append(...children);
	return node;
};
const svg = (tag, attributes, ...children) => {
	const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
	for (const [key, value] of Object.entries(attributes || {}))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
};
/* A name is a string, or {bytes: hex} where it is not UTF-8. */
const shown = name => {
	if (name === null)
		return '(name unknown)';
	if (typeof name === 'object')
		name = name.bytes.replace(/../g, byte => {
			const code = parseInt(byte, 16);
			return code > 31 && code < 127 ? String.fromCharCode(code) : '\\x' + byte;
		});
	return name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
		c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
};
const count = value => value === null ? 'unknown' : value.toLocaleString('en');
const time = ns => ns < 1e3 ? ns + ' ns' : ns < 1e6 ? (ns / 1e3).toPrecision(3) + ' µs' :
	ns < 1e9 ? (ns / 1e6).toPrecision(3) + ' ms' : (ns / 1e9).toPrecision(4) + ' s';
const sum = list => list.reduce((a, b) => a + b, 0);

/* A long path is cut before its last component, which tells the most. */
function pathNode(path) {
	const slash = path.lastIndexOf('/', path.length - 2);
	return el('span', { className: 'path', title: path },
		el('span', { textContent: path.slice(0, slash + 1) }), el('span', { textContent: path.slice(slash + 1) }));
}

/*
 * What a search finds: text anywhere in it; or as with --name a pattern for all of it or for the
 * last component, whose * matches slashes, too.
 */
function matcher(wanted) {
	wanted = wanted.toLowerCase();
	if (!/[*?[]/.test(wanted))
		return text => text.includes(wanted);
	const pattern = wanted.replace(/\[!?\]?[^\]]*\]|[^]/g, part => part === '*' ? '[^]*' : part === '?' ? '[^]' :
		part.length > 1 ? part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^').replace(/^(\[\^?)\]/, '$1\\]') : part.replace(/[\\^$.+(){}|[\]\/]/, '\\$&'));
	let expression;
	try {
		expression = new RegExp('^' + pattern + '$');
	} catch {
		return text => text.includes(wanted);
	}
	return text => expression.test(text) || expression.test(text.slice(text.lastIndexOf('/') + 1));
}
