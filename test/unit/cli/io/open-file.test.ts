import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openerOf, openReport } from '../../../../src/cli/io/open-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-open-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** What is said when a page is opened where `xdg-open` is this script; undefined: where there is none. */
async function opened(script: string | undefined): Promise<string> {
  if (script !== undefined) {
    await writeFile(join(dir, 'xdg-open'), `#!/bin/sh\n${script}\n`);
    await chmod(join(dir, 'xdg-open'), 0o755);
  }
  let err = '';
  const write = (text: string): void => {
    err += text;
  };
  const stderr = { write, isTTY: false, columns: 80 };
  await openReport({ env: { PATH: dir }, stderr }, join(dir, 'report.html'));
  return err;
}

describe.runIf(process.platform === 'linux')('openReport', () => {
  it('hands the whole path to what opens files here', async () => {
    expect(await opened(`echo "$@" > '${dir}/opened'`)).toBe('');
    expect(await readFile(join(dir, 'opened'), 'utf8')).toBe(`${join(dir, 'report.html')}\n`);
  });

  it('says why it cannot', async () => {
    expect(await opened('exit 3')).toBe(`${dir}/report.html could not be opened: xdg-open ended with 3\n`);
  });

  it('says that there is nothing that could', async () => {
    expect(await opened(undefined)).toBe(`${dir}/report.html could not be opened: there is no xdg-open here\n`);
  });
});

describe('openerOf', () => {
  it('is what each desktop has', () => {
    expect(openerOf('/a/report.html', 'darwin')).toEqual(['open', '/a/report.html']);
    expect(openerOf('/a & b/report.html', 'win32').join(' ')).toContain(
      'rundll32 url.dll,FileProtocolHandler file:///',
    );
    expect(openerOf('/a/report.html', 'freebsd')).toEqual(['xdg-open', '/a/report.html']);
  });
});
