/** Writes a name in camel case as files, functions and log lines are called: `placeOrder` becomes `place-order`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
