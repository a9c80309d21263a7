import type { Type } from "../core/types.ts";
import { isSmall, wordsOf } from "../model/packing.ts";
import { showType } from "../values/types.ts";
import { universe } from "../values/universe.ts";
import { packingIn, type Unit, valueTable, WORD_BYTES } from "./unit.ts";
import type { Func } from "./wasm.ts";

/**
 * `(value) → rank`: the position of a value with parts among all of its type. Such types are small
 * wherever ranks are needed (elements of sets, keys of maps), so a walk through the table will do.
 */
export function rankFunction(unit: Unit, type: Type): Func {
  const key = `rank ${showType(type)}`;
  const made = unit.helpers.get(key);
  if (made !== undefined) {
    return made;
  }
  const func = unit.module.declare({ parameters: ["i32"], results: ["i32"] });
  unit.helpers.set(key, func);
  const packing = packingIn(unit, type);
  const count = universe(type, unit.model.types).length;
  const words = Math.max(1, wordsOf(packing));
  const table = valueTable(unit, type);
  const equal = isSmall(packing) ? null : equalFunction(unit, words);
  unit.module.define(func, (code) => {
    const [value] = code.parameters;
    if (value === undefined) {
      return;
    }
    const rank = code.local();
    const loop = code.begin("loop");
    code.get(rank);
    code.i32(words * WORD_BYTES);
    code.op("i32.mul");
    code.i32(table);
    code.op("i32.add");
    if (equal === null) {
      code.access("i32.load");
      code.get(value);
      code.op("i32.eq");
    } else {
      code.get(value);
      code.call(equal);
    }
    code.beginIf();
    code.get(rank);
    code.op("return");
    code.end();
    code.get(rank);
    code.i32(1);
    code.op("i32.add");
    code.tee(rank);
    code.i32(count);
    code.op("i32.lt_u");
    code.brIf(loop);
    code.end();
    // Every value of the type is in the table.
    code.op("unreachable");
  });
  return func;
}

/** `(address, address) → 0 or 1`: whether that many words are equal. */
export function equalFunction(unit: Unit, words: number): Func {
  const key = `equal ${words}`;
  const made = unit.helpers.get(key);
  if (made !== undefined) {
    return made;
  }
  const func = unit.module.declare({ parameters: ["i32", "i32"], results: ["i32"] });
  unit.helpers.set(key, func);
  unit.module.define(func, (code) => {
    const [a, b] = code.parameters;
    if (a === undefined || b === undefined) {
      return;
    }
    const end = code.local();
    code.get(a);
    code.i32(words * WORD_BYTES);
    code.op("i32.add");
    code.set(end);
    const loop = code.begin("loop");
    code.get(a);
    code.access("i32.load");
    code.get(b);
    code.access("i32.load");
    code.op("i32.ne");
    code.beginIf();
    code.i32(0);
    code.op("return");
    code.end();
    code.get(b);
    code.i32(WORD_BYTES);
    code.op("i32.add");
    code.set(b);
    code.get(a);
    code.i32(WORD_BYTES);
    code.op("i32.add");
    code.tee(a);
    code.get(end);
    code.op("i32.lt_u");
    code.brIf(loop);
    code.end();
    code.i32(1);
  });
  return func;
}
