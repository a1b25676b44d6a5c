// `cupel lsp` as an editor runs it: another process, spoken to with the client library that editors are made of.
// usage: node client.cjs CUPEL FOLDER_WITH_NODE_MODULES
"use strict";
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");
const { pathToFileURL } = require("node:url");

const [cupel, library] = process.argv.slice(2);
const lsp = createRequire(path.join(path.resolve(library), "x.js"))("vscode-languageserver-protocol/node");

// Long enough for a machine that does other things, too.
const patience = 60000;

class Editor {
  constructor(context) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "cupel-lsp-"));
    fs.mkdirSync(path.join(this.folder, ".git"));
    this.server = spawn(cupel, ["lsp", "--stdio"], { cwd: this.folder, stdio: ["pipe", "pipe", "inherit"] });
    this.ended = new Promise((resolve) => this.server.on("exit", resolve));
    this.connection = lsp.createProtocolConnection(
      new lsp.StreamMessageReader(this.server.stdout), new lsp.StreamMessageWriter(this.server.stdin));
    this.waiting = new Map();
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, (told) => {
      const known = this.waiting.get(told.uri);
      if (known) known(told);
    });
    this.connection.onRequest(lsp.RegistrationRequest.type, () => null);
    this.connection.listen();
    context.after(() => {
      this.connection.dispose();
      this.server.kill();
      fs.rmSync(this.folder, { recursive: true });
    });
  }
  async initialize(capabilities = {}) {
    const result = await this.connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid, rootUri: pathToFileURL(this.folder).href, capabilities,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: "shop" }] });
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
    return result;
  }
  write(file, text) {
    fs.mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    fs.writeFileSync(path.join(this.folder, file), text);
    return pathToFileURL(path.join(this.folder, file)).href;
  }
  // The next diagnostics of a document, after something is done.
  diagnostics(uri, done) {
    const told = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics of ${uri}`)), patience);
      this.waiting.set(uri, (all) => { clearTimeout(timer); resolve(all); });
    });
    return Promise.resolve(done()).then(() => told);
  }
  open(uri, text) {
    return this.diagnostics(uri, () => this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type,
      { textDocument: { uri, languageId: "sql", version: 1, text } }));
  }
  change(uri, version, contentChanges) {
    return this.diagnostics(uri, () => this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type,
      { textDocument: { uri, version }, contentChanges }));
  }
}

const rules = (told) => told.diagnostics.map((one) => one.code);

test("findings follow what is typed, on the schema that the files before make", async (context) => {
  const editor = new Editor(context);
  editor.write("db/1_orders.up.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n");
  editor.write("db/1_orders.down.sql", "DROP TABLE orders;\n");
  const text = "CREATE INDEX orders_note_idx ON orders (note);\n";
  const uri = editor.write("db/2_index.up.sql", "");
  editor.write("db/2_index.down.sql", "DROP INDEX CONCURRENTLY orders_note_idx;\n");
  const { capabilities, serverInfo } = await editor.initialize({ textDocument: { publishDiagnostics: { versionSupport: true } } });
  assert.equal(serverInfo.name, "cupel");
  assert.equal(capabilities.textDocumentSync.change, lsp.TextDocumentSyncKind.Incremental);

  let told = await editor.open(uri, text);
  assert.ok(rules(told).includes("add-index-non-concurrent"), JSON.stringify(told));
  const finding = told.diagnostics.find((one) => one.code === "add-index-non-concurrent");
  assert.equal(finding.severity, lsp.DiagnosticSeverity.Error);
  assert.equal(finding.source, "cupel");
  assert.deepEqual(finding.range.start, { line: 0, character: 13 });

  told = await editor.change(uri, 2, [{ range: { start: { line: 0, character: 12 }, end: { line: 0, character: 12 } }, text: " CONCURRENTLY" }]);
  assert.equal(told.version, 2);
  assert.ok(!rules(told).includes("add-index-non-concurrent"), JSON.stringify(told));

  told = await editor.change(uri, 3, [{ text: "ALTER TABLE orders ADD COLUMN note text;\n" }]);
  assert.ok(rules(told).includes("statement-fails"), JSON.stringify(told));

  told = await editor.diagnostics(uri, () => editor.connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, { textDocument: { uri } }));
  assert.deepEqual(told.diagnostics, []);
});

test("hover tells what the statement does, a quick fix ignores a finding", async (context) => {
  const editor = new Editor(context);
  editor.write("db/1_orders.up.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n");
  const text = "-- an index\n\n  CREATE INDEX orders_note_idx ON orders (note);\n";
  const uri = editor.write("db/2_index.up.sql", text);
  await editor.initialize({ textDocument: { hover: { contentFormat: ["markdown"] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } } } });
  const told = await editor.open(uri, text);
  const hover = await editor.connection.sendRequest(lsp.HoverRequest.type, { textDocument: { uri }, position: { line: 2, character: 5 } });
  assert.match(hover.contents.value, /\*\*CREATE INDEX\*\* on PostgreSQL/);
  assert.match(hover.contents.value, /\| SHARE \| orders \| writes \|/);

  const finding = told.diagnostics.find((one) => one.code === "add-index-non-concurrent");
  const actions = await editor.connection.sendRequest(lsp.CodeActionRequest.type,
    { textDocument: { uri }, range: finding.range, context: { diagnostics: [finding] } });
  const ignore = actions.find((one) => one.title === "Ignore add-index-non-concurrent here, and say why");
  const [edit] = ignore.edit.changes[uri];
  assert.deepEqual(edit, { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } },
    newText: "  -- cupel:ignore add-index-non-concurrent: \n" });
  const ignored = await editor.change(uri, 2, [{ range: edit.range, text: edit.newText.replace("\n", "the table is small\n") }]);
  assert.ok(!rules(ignored).includes("add-index-non-concurrent"), JSON.stringify(ignored));
});

test("shutdown and exit end it, and so does an editor that dies", async (context) => {
  const editor = new Editor(context);
  await editor.initialize();
  await editor.connection.sendRequest(lsp.ShutdownRequest.type);
  await editor.connection.sendNotification(lsp.ExitNotification.type);
  assert.equal(await editor.ended, 0);

  const left = new Editor(context);
  await left.initialize();
  left.server.stdin.end();
  assert.equal(await left.ended, 1);
});

test("what it cannot do is an error of the request, and the next one is answered", async (context) => {
  const editor = new Editor(context);
  await editor.initialize();
  await assert.rejects(editor.connection.sendRequest("textDocument/rename", {}), (error) => error.code === lsp.ErrorCodes.MethodNotFound);
  await assert.rejects(editor.connection.sendRequest("textDocument/hover", { position: 1 }), (error) => error.code === lsp.ErrorCodes.InvalidParams);
  assert.equal(await editor.connection.sendRequest(lsp.HoverRequest.type,
    { textDocument: { uri: "file:///nowhere/a.sql" }, position: { line: 0, character: 0 } }), null);
});
