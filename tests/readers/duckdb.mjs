// SPDX-License-Identifier: MIT
// duckdb.mjs FOLDER count: opens and what the cache had of opens.csv and of opens.jsonl, a line each.
// duckdb.mjs FOLDER recipes: whether each statement of recipes.sql that asks gets an answer.
import fs from 'node:fs';
import { require } from './browser.mjs';

const { DuckDBInstance } = require('@duckdb/node-api');
const [folder, what] = process.argv.slice(2);
process.chdir(folder);
const connection = await (await DuckDBInstance.create()).connect();
const rowsOf = async statement => (await connection.runAndReadAll(statement)).getRows();

if (what === 'count') {
	const counts = ['hit', 'negative', 'miss', 'created'].map(cache => `count(*) FILTER (cache = '${cache}')`).join(', ');
	for (const source of ["'opens.csv'", "read_json('opens.jsonl', format = 'newline_delimited') WHERE type = 'open'"])
		console.log((await rowsOf(`SELECT count(*), ${counts} FROM ${source}`))[0].join(' '));
} else {
	const statements = fs.readFileSync('recipes.sql', 'utf8').split(';').map(text => text.trim()).filter(Boolean);
	const found = [];
	for (const statement of statements)
		found.push((await rowsOf(statement)).length > 0 || !statement.startsWith('SELECT'));
	console.log(found.length > 2 && found.every(Boolean));
}
