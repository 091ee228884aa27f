/** How many letters differ: one is typed, left out or changed, or two neighbours are swapped. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_none, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const [above = [], row] = [rows[i - 1], [i]];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const steps = [(above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1)];
      if (isSwapped) steps.push((rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(Math.min(...steps));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/** Finds the known word that somebody may have meant. Undefined when none is near: a third of its letters may differ. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const said = word.toLowerCase();
  const near = known
    .map((one) => ({ one, far: distance(said, one.toLowerCase()) }))
    .filter(({ one, far }) => far <= Math.max(1, Math.floor(one.length / 3)))
    .toSorted((a, b) => a.far - b.far);
  if (near[0] !== undefined) return near[0].one;
  return said.length < 3 ? undefined : known.find((one) => one.toLowerCase().startsWith(said));
}

/** Asks for the word that may have been meant, behind a refusal; nothing when none is near. */
export function didYouMean(word: string, known: readonly string[], asked = (one: string): string => one): string {
  const one = nearest(word, known);
  return one === undefined ? "" : `; did you mean ${asked(one)}?`;
}
