// Compiles every schema in a folder with ajv in strict mode, and validates its examples: node strict.mjs SCHEMAS EXAMPLES
import { readFileSync, readdirSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [schemas, examples] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, "utf-8"));
const told = [];
for (const file of readdirSync(schemas)) {
  const topic = file.replace(".schema.json", "");
  const ajv = new Ajv2020.default({ strict: true, strictRequired: false });
  addFormats.default(ajv);
  const accepts = ajv.compile(read(`${schemas}/${file}`));
  const { valid, invalid } = read(`${examples}/${topic}.json`);
  told.push([topic, valid.every(accepts), invalid.filter(({ value }) => accepts(value)).map(({ why }) => why)]);
}
console.log(JSON.stringify(told));
