/** What is said of an option, each time that it is said: `--name value` or `--name=value`. Nothing behind it is an empty text. */
export function saidOf(argv: readonly string[], ...names: string[]): string[] {
  return argv.flatMap((word, index) => {
    if (names.includes(word)) return [argv[index + 1] ?? ""];
    const name = names.find((one) => word.startsWith(`${one}=`));
    return name === undefined ? [] : [word.slice(name.length + 1)];
  });
}
