import { describe, expect, it } from 'vitest';
import { Markup } from '../../../../src/report/html/markup.ts';
import { withNotice } from '../../../../src/report/html/page.ts';
import { servedReport, withoutReport } from '../../../../src/report/html/served-report.ts';

const PAGE =
  '<header><h1>&lt;main id=&quot;main&quot;&gt;</h1></header><main id="main" tabindex="-1"><section></section></main>';

describe('a report handed out by the server of its run', () => {
  it('names the file that stays, before everything else', () => {
    const page = servedReport(PAGE, '/runs/"a" & b/report.html');
    expect(page).toMatch(/<main id="main" tabindex="-1"><aside class="notice"/);
    expect(page).toContain('<code>/runs/&quot;a&quot; &amp; b/report.html</code>');
    expect(page).toContain('data-copy="/runs/&quot;a&quot; &amp; b/report.html"');
  });

  it('stays as it is where there is no place for a notice', () => {
    expect(withNotice('<!doctype html><p>x', new Markup('<p>y'))).toBe('<!doctype html><p>x');
  });

  it('says where the files are if there is none', () => {
    expect(withoutReport('/runs/a')).toContain('<code>/runs/a</code>');
  });
});
