/** The command line, or a file that it names, is not as it should be: exit 2. */
export class WrongUsage extends Error {}
