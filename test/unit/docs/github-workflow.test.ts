import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../docs/pages.ts';

const PATH = join(ROOT, 'docs/github-actions/fleetstorm.yml');

async function mistakesIn(content: string): Promise<string[]> {
  const parsed = parseWorkflow({ name: 'fleetstorm.yml', content }, new NoOperationTraceWriter());
  if (parsed.value !== undefined) await convertWorkflowTemplate(parsed.context, parsed.value);
  return parsed.context.errors.getErrors().map(({ message }) => message);
}

describe('the workflow for GitHub Actions', () => {
  it("has no mistakes in the eyes of GitHub's own parser", async () => {
    expect(await mistakesIn(readFileSync(PATH, 'utf8'))).toEqual([]);
  });

  it.each([
    ['a misspelt key', 'runs-on:', 'run-on:'],
    ['an unknown function', 'if: always()', 'if: allways()'],
    ['an unknown context', '!inputs.accept', '!input.accept'],
  ])('would be caught with %s', async (_, right, wrong) => {
    expect(await mistakesIn(readFileSync(PATH, 'utf8').replace(right, wrong))).not.toEqual([]);
  });

  it('is explained step by step, and code by code', () => {
    const text = readFileSync(PATH, 'utf8');
    const page = readFileSync(join(ROOT, 'docs/github-actions.md'), 'utf8');
    const names = [...text.matchAll(/- name: (.+)/g)].map(([, name = '']) => name).filter((name) => name !== 'Install');
    for (const name of names) expect(page).toContain(name);
    for (const code of ['0', '4', '97', '98', '99']) expect(page).toContain(`\n| ${code} |`);
  });
});
