/** Writes a text in GBK, which Node only reads: every pair of bytes is read once, and the other way round is a table. */
export function inGbk(text: string): Buffer {
  table ??= gbkTable();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    const pair = code < 0x80 ? [code] : table.get(character);
    if (pair === undefined) throw new Error(`GBK has no ${character}`);
    bytes.push(...pair);
  }
  return Buffer.from(bytes);
}

let table: Map<string, number[]> | undefined;

function gbkTable(): Map<string, number[]> {
  const made = new Map<string, number[]>();
  const decoder = new TextDecoder("gbk");
  for (let first = 0x81; first <= 0xfe; first++)
    for (let second = 0x40; second <= 0xfe; second++) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if (character.length === 1 && character !== "\uFFFD" && !made.has(character))
        made.set(character, [first, second]);
    }
  return made;
}
