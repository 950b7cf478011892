// SPDX-License-Identifier: MIT
// Debian's browser, without a window.
import { createRequire } from 'node:module';

export const require = createRequire(process.env.READERS + '/');
export const path = name => process.env.READERS + '/node_modules/' + name;

export function launch() {
	return require('puppeteer-core').launch({
		executablePath: '/usr/bin/chromium',
		args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--allow-file-access-from-files'],
	});
}
