import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED_PAGES } from '../../docs/generated/pages.ts';
import { ROOT } from '../../docs/pages.ts';

/** `npm run docs` runs this file with `--update`: then the pages are written instead of compared. */

test.each(Object.entries(GENERATED_PAGES))('%s is what the generator makes of the code now', async (path, made) => {
  await expect(await made()).toMatchFileSnapshot(join(ROOT, path));
});
