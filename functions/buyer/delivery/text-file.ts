import type { Pieces } from "../../../shared/orders/goods.ts";

/** Writes codes a line each: the number, if there is one, a tab, and the code. What nobody can open is named. */
export const textFileOf = ({ pieces, unreadable }: Pieces): string =>
  [
    ...pieces.map(({ code: { number, secret } }) => (number === undefined ? secret : `${number}\t${secret}`)),
    ...unreadable.map(({ codeId }) => `(${codeId})`),
  ]
    .map((line) => `${line}\r\n`)
    .join("");
