import { describe, expect, it } from 'vitest';
import { html, jsonForScript, prose } from '../../../../src/report/html/markup.ts';

describe('html', () => {
  it('escapes texts, in attributes too, and keeps markup', () => {
    const inner = html`<b>${'a & b'}</b>`;
    expect(html`<p title="${`" onload='x'`}">${'<script>'}${inner}</p>`.text).toBe(
      '<p title="&quot; onload=&#39;x&#39;">&lt;script&gt;<b>a &amp; b</b></p>',
    );
  });

  it('joins lists and leaves out what is undefined', () => {
    expect(html`${[html`<i>1</i>`, '<', 2]}${undefined}`.text).toBe('<i>1</i>&lt;2');
  });

  it('writes out characters that control a terminal or turn the direction of text', () => {
    expect(html`${'a\u202eb\u0007c\nd'}`.text).toBe('a\\u202eb\\u0007c\nd');
  });
});

describe('prose', () => {
  it('shows what is between backticks as code, and leaves a single one alone', () => {
    expect(html`${prose('raise it with `ulimit -n <5>` first')}`.text).toBe(
      'raise it with <code>ulimit -n &lt;5&gt;</code> first',
    );
    expect(html`${prose('a ` b')}`.text).toBe('a ` b');
  });
});

describe('jsonForScript', () => {
  it('writes out what turns the direction of text, in keys and values alike', () => {
    const { text } = jsonForScript({ 'a\u202eb': 'a\u202eb' });
    expect(JSON.parse(text)).toEqual({ 'a\\u202eb': 'a\\u202eb' });
  });

  it('holds nothing that ends a script element or begins a comment, and reads back as it was', () => {
    const value = { text: '</script><!-- <script>\u2028&' };
    const { text } = jsonForScript(value);
    expect(text).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(text)).toEqual(value);
  });
});
