import type { Page } from './pages.ts';

/** What a comment before a block says about it: `<!-- run: --set duration=2s -->`. */
export interface Markers {
  /** Options that make the block's runs smaller. */
  readonly run?: string;
  /** The exit code of its last command; 0 if it says nothing. */
  readonly exit?: string;
  /** The file to write the block into, for the blocks that follow. */
  readonly file?: string;
  /** Why the block is not run. */
  readonly 'not run'?: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly markers: Markers;
}

const MARKER = /^<!-- (run|exit|file|not run): (.*) -->$/;

/** All fenced blocks of a page, in order. Throws if one has no language or is never closed. */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  let markers: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, indent = '', language = ''] = /^(\s*)```(\w*)$/.exec(line) ?? [];
    if (!line.trimStart().startsWith('```')) {
      const [, name, value = ''] = MARKER.exec(line.trim()) ?? [];
      if (name !== undefined) markers[name] = value;
      else if (line.trim() !== '') markers = {};
      continue;
    }
    const where = `${path}:${index + 1}`;
    if (language === '') throw new Error(`${where}: a block without a language`);
    const end = lines.indexOf(`${indent}\`\`\``, index + 1);
    if (end < 0) throw new Error(`${where}: a block that does not end`);
    const inside = lines.slice(index + 1, end).map((one) => one.slice(indent.length));
    blocks.push({ page: path, line: index + 1, language, text: `${inside.join('\n')}\n`, markers });
    markers = {};
    index = end;
  }
  return blocks;
}

/** The page without its fenced blocks and comments, line by line. */
export function proseLines({ text }: Page): string[] {
  let isInBlock = false;
  return text.split('\n').filter((line) => {
    const isFence = line.trimStart().startsWith('```');
    if (isFence) isInBlock = !isInBlock;
    return !isFence && !isInBlock && !line.startsWith('<!--');
  });
}
