import { describe, expect, it } from 'vitest';
import { clientModules } from '../../../../src/report/html/assets.ts';

const DECLARED = /^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)/gm;

describe("the page's script", () => {
  it('declares each name once, because its modules share one scope', async () => {
    const modules = await clientModules();
    expect(modules.size).toBeGreaterThan(15);
    const places = new Map<string, string[]>();
    for (const [address, source] of modules) {
      for (const [, name = ''] of source.matchAll(DECLARED)) places.set(name, [...(places.get(name) ?? []), address]);
    }
    expect([...places].filter(([, addresses]) => addresses.length > 1)).toEqual([]);
  });
});
