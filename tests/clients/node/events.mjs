// Reads Kafka messages (JSON on standard input: headers as text, value) with the CloudEvents SDK, and prints the events.
import { readFileSync } from "node:fs";
import { Kafka } from "cloudevents";

const messages = JSON.parse(readFileSync(0, "utf-8"));
const events = messages.map(({ key, headers, value }) => Kafka.toEvent({ key, headers, value, body: value }));
events.forEach((event) => event.validate());
console.log(JSON.stringify(events.map((event) => ({ ...event.toJSON(), data: undefined }))));
