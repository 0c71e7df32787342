import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED_PAGES, GENERATED_PARTS, withPart } from '../../docs/generated/pages.ts';
import { ROOT, readPage } from '../../docs/pages.ts';

/** `npm run docs` runs this file with `--update`: then the pages are written instead of compared. */

test.each(Object.entries(GENERATED_PAGES))('%s is what the generator makes of the code now', async (path, made) => {
  await expect(await made()).toMatchFileSnapshot(join(ROOT, path));
});

test.each(GENERATED_PARTS)('%s has the part "%s" as the generator makes it now', async (path, name, made) => {
  await expect(withPart(readPage(path).text, name, made())).toMatchFileSnapshot(join(ROOT, path));
});
