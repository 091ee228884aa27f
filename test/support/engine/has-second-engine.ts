/** The second engine's package has a binary for this one platform. */
export const hasSecondEngine = process.platform === "linux" && process.arch === "x64";
