import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Language } from "./words.ts";

/**
 * How a page is written: in which language and zone, and under which address: that of the order, or that of its codes. `proof`: that a
 * one-time code was typed, which its forms send along.
 */
export type Writing = {
  language: Language;
  zone: string;
  token: string;
  isReveal: boolean;
  proof?: string | undefined;
};

/**
 * Addresses relative to the page's own, so that they are good wherever the API lies. `lang`: what the reader has chosen.
 */
export function addressesFrom({ token, isReveal, language }: Writing) {
  const below = isReveal ? "" : `${token}/`;
  const lang = `?lang=${language}`;
  return {
    page: `${isReveal ? `../${token}` : token}${lang}`,
    reveal: `${below}reveal${lang}`,
    file: `${below}file${lang}`,
    cases: `${below}cases${lang}`,
    state: `${below}state`,
  };
}

/** So many codes are on one page. */
export const PER_PAGE = LIMITS.codesPerGoodsPage;
