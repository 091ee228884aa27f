/** Something the person at the keyboard can fix. The message is one sentence that says what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/** Runs a command's main function. A problem ends it with its sentence alone, anything else with its stack trace; both exit 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exit(1);
  }
}
