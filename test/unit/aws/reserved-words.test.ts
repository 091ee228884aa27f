import { expect, test } from "vitest";
import { bareNames, bareNamesIn, isReadable, placesInSource } from "../../support/scenes/expressions.ts";
import { reservedWords } from "../../support/scenes/reserved-words.ts";

const places = placesInSource();

test("no expression uses a word bare that DynamoDB keeps for itself", () => {
  const reserved = places.flatMap(({ file, function: name, text }) =>
    bareNamesIn(text)
      .filter((word) => reservedWords.has(word.toUpperCase()))
      .map((word) => `${file} ${name}: ${word}`),
  );
  expect(reserved).toEqual([]);
});

test("expressions are written where a test can read them", () => {
  expect(places.length).toBeGreaterThan(40);
  expect(places.filter((place) => !isReadable(place))).toEqual([]);
});

test("the reading itself finds what stands bare", () => {
  expect(bareNames("SET state = if_not_exists(#a, :state), pending.#order = :x REMOVE left, data.open")).toEqual([
    "state",
    "pending",
    "left",
    "data",
    "open",
  ]);
  expect(bareNames("attribute_exists(size) AND NOT sk BETWEEN :and AND :or")).toEqual(["size", "sk"]);
  expect(reservedWords.size).toBe(573);
});
