/** Reads all values of an option, `--name value` or `--name=value`. An option without a value gives an empty text. */
export function saidOf(argv: readonly string[], ...names: string[]): string[] {
  return argv.flatMap((word, index) => {
    if (names.includes(word)) return [argv[index + 1] ?? ""];
    const name = names.find((one) => word.startsWith(`${one}=`));
    return name === undefined ? [] : [word.slice(name.length + 1)];
  });
}
