// SPDX-License-Identifier: MIT
// axe.mjs ADDRESS: what axe finds in the page, on a desk and on a phone, in both lights; and what is
// wider than the screen.
import fs from 'node:fs';
import { launch, path } from './browser.mjs';

const axe = fs.readFileSync(path('axe-core/axe.min.js'), 'utf8');
const browser = await launch();

for (const light of ['light', 'dark']) {
	for (const [width, height] of [[1280, 1000], [390, 844]]) {
		const page = await browser.newPage();
		page.on('pageerror', error => console.log(error.message));
		await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: light }]);
		await page.setViewport({ width, height, isMobile: width < 600 });
		await page.setBypassCSP(true);
		await page.goto(process.argv[2]);
		await page.waitForFunction(() => document.body.dataset.ready === 'yes');
		await page.evaluate(axe);
		const found = await page.evaluate(async () => (await axe.run()).violations.map(one => `${one.id}: ${one.nodes[0].html}`));
		for (const line of found)
			console.log(`${light} ${width}: ${line}`);
		if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
			console.log(`${light} ${width}: wider than the screen`);
		await page.close();
	}
}
await browser.close();
