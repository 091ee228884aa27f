/**
 * The currencies of ISO 4217 and their minor units. `Intl` is not used: its data says how shops write amounts (a
 * forint without fillér), and it changes with each version of Node. An amount that was stored under one version must
 * mean the same under the next.
 *
 * Source: ISO 4217 list one, "Current currency & funds code list", as SIX published it on 2026-01-01
 * (https://www.six-group.com/en/products-services/financial-information/data-standards.html). When SIX publishes an
 * amendment, change the codes below and this date. Move a withdrawn code to `WITHDRAWN`: stored amounts still name
 * it.
 */
const BY_MINOR_UNITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [
    2,
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE " +
      "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD " +
      "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK " +
      "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD " +
      "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH " +
      "USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
  ],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

/**
 * Codes that were withdrawn since 2023, with the minor units that they had. New prices and deposits can't name them.
 */
const WITHDRAWN: readonly (readonly [digits: number, codes: string])[] = [[2, "ANG BGN CUC HRK SLL ZWL"]];

const table = (rows: typeof BY_MINOR_UNITS): ReadonlyMap<string, number> =>
  new Map(rows.flatMap(([digits, codes]) => codes.split(" ").map((code): [string, number] => [code, digits])));

const ACTIVE = table(BY_MINOR_UNITS);
const KNOWN = table([...BY_MINOR_UNITS, ...WITHDRAWN]);

/**
 * Every active currency. Codes without minor units (gold, test codes) are not among them, because nothing is sold for
 * those.
 */
export const CURRENCIES: readonly string[] = [...ACTIVE.keys()].sort();

/** Tells whether a code is an active currency of ISO 4217. */
export const isCurrency = (code: string): boolean => ACTIVE.has(code);

/**
 * Gives the number of decimals of a currency: 2 for most, 0 for yen, 3 for dinars. Undefined for a code that ISO 4217
 * does not have.
 */
export const digitsOf = (code: string): number | undefined => KNOWN.get(code);

/** Wrong codes that people write for a currency, and the right ones. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  RMB: "CNY",
  CNH: "CNY",
  YUA: "CNY",
  NTD: "TWD",
  NTS: "TWD",
  YEN: "JPY",
  JPN: "JPY",
  KRN: "KRW",
  WON: "KRW",
  UKP: "GBP",
  GPB: "GBP",
  STG: "GBP",
  UER: "EUR",
  ERU: "EUR",
  UDS: "USD",
  DUS: "USD",
  RUR: "RUB",
  CND: "CAD",
  RMY: "MYR",
};

/** Suggests a currency for a code that does not exist. Undefined if we know none. */
export const meant = (code: string): string | undefined => OTHER_NAMES[code];
