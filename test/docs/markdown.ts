/** Pieces of Markdown for pages that are generated. */

/** A table; cells must be Markdown already, without line breaks. Columns that are empty in every row are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = head.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => kept[column])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A value as inline code. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Plain text of the program as Markdown: placeholders and flags as code, and nothing that looks like HTML. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/\$\{[^}]*\}/g, '`$&`').replaceAll('<', '&lt;')))
    .join('');
}

/** What begins every page that nobody should edit by hand. */
export function generatedNote(from: string): string {
  return `<!-- Generated from ${from} by \`npm run docs\`; edit that, not this page. -->`;
}

/** The text as a sentence: it starts with a capital letter and ends with a full stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return text === '' || /[.:?]$/.test(text) ? begun : `${begun}.`;
}
