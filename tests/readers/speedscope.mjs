// SPDX-License-Identifier: MIT
// speedscope.mjs FILE: how many slices of opens speedscope shows, and all that it warns of.
import fs from 'node:fs';
import os from 'node:os';
import { launch, path } from './browser.mjs';

const STAGES = ['copy', 'walk', 'lookup', 'alloc', 'filesystem', 'opening', 'descriptor'];
const folder = fs.mkdtempSync(os.tmpdir() + '/speedscope.');
const browser = await launch();
const page = await browser.newPage();
let isRead;
const read = new Promise(done => { isRead = done; });

page.on('console', message => {
	if (message.text().startsWith('import:'))
		isRead();
	else if (['warn', 'error'].includes(message.type()) && !message.text().includes('WebGL') && !message.text().includes('GL Driver'))
		console.log(message.text());
});
await (await browser.target().createCDPSession()).send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
await page.goto('file://' + path('speedscope/dist/release/index.html'));
await (await page.waitForSelector('input[type=file]')).uploadFile(process.argv[2]);
await read;
/* It saves what it shows. */
let saved = [];
while (!saved.length) {
	await page.keyboard.down('Control');
	await page.keyboard.press('s');
	await page.keyboard.up('Control');
	await new Promise(done => setTimeout(done, 500));
	saved = fs.readdirSync(folder).filter(name => name.endsWith('.json'));
}
const { profiles, shared } = JSON.parse(fs.readFileSync(folder + '/' + saved[0]));
const begun = profiles.flatMap(profile => profile.events.filter(event => event.type === 'O'));
console.log(begun.filter(event => !STAGES.includes(shared.frames[event.frame].name)).length);
await browser.close();
fs.rmSync(folder, { recursive: true });
