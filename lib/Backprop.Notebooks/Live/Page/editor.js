// The editor of a cell: Monaco, made when the cell is first edited, in the place of its code.
const assets = new URL(".", import.meta.url).href;
const dark = matchMedia("(prefers-color-scheme: dark)");
const byModel = new Map();
let loading = null, monaco = null;

const kinds = { function: "Method", property: "Property", class: "Class", module: "Module", keyword: "Keyword", instance: "Variable" };

// What Monaco shows is in the page's own colours.
const theme = () => {
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const hex = name => colour(name).replace("#", "");
  const rules = { keyword: "--keyword", string: "--string", number: "--number", comment: "--comment" };
  const long = name => colour(name).length === 4 ? "#" + [...hex(name)].map(c => c + c).join("") : colour(name);
  monaco.editor.defineTheme("page", {
    base: dark.matches ? "vs-dark" : "vs", inherit: true,
    rules: [
      { token: "", foreground: long("--ink").slice(1) },
      ...Object.entries(rules).map(([token, name]) => ({ token, foreground: long(name).slice(1), fontStyle: token === "comment" ? "italic" : "" })),
      { token: "namespace.cpp", foreground: long("--magic").slice(1) }, { token: "keyword.preprocessor", foreground: long("--magic").slice(1) },
    ],
    colors: { "editor.background": long("--code"), "editor.foreground": long("--ink"), "editor.lineHighlightBackground": long("--code"), "editorWidget.background": long("--paper"), "editorGutter.background": long("--code"), "scrollbarSlider.background": long("--line"), "scrollbar.shadow": "#00000000" },
  });
  monaco.editor.setTheme("page");
};

const provide = () => {
  const at = (model, position) => ({ cell: byModel.get(model), source: model.getValue(), position: model.getOffsetAt(position) });
  const asking = (kind, model, position) => {
    const { cell, source, position: offset } = at(model, position);
    return cell ? cell.ask({ do: kind, cell: cell.id, source, position: offset }) : {};
  };
  monaco.languages.registerCompletionItemProvider("csharp", {
    triggerCharacters: ["."],
    provideCompletionItems: async (model, position) => {
      const found = await asking("complete", model, position);
      if (!found.matches) return { suggestions: [] };
      const [from, to] = [model.getPositionAt(found.start), model.getPositionAt(found.end)];
      const range = { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column };
      return { suggestions: found.matches.map((match, i) => ({
        label: match.label || match.text, insertText: match.text, filterText: match.text, range, sortText: String(i).padStart(5, "0"),
        kind: monaco.languages.CompletionItemKind[kinds[match.kind] ?? "Text"] })) };
    },
  });
  const code = text => {
    const [first, ...rest] = text.split("\n\n");
    return [{ value: "```csharp\n" + first + "\n```" }, ...rest.length ? [{ value: rest.join("\n\n").replace(/\n/g, "  \n") }] : []];
  };
  monaco.languages.registerHoverProvider("csharp", {
    provideHover: async (model, position) => {
      if (!model.getWordAtPosition(position)) return null;
      const found = await asking("inspect", model, position);
      return found.text ? { contents: code(found.text) } : null;
    },
  });
  monaco.languages.registerSignatureHelpProvider("csharp", {
    signatureHelpTriggerCharacters: ["(", ","],
    provideSignatureHelp: async (model, position) => {
      const found = await asking("inspect", model, position);
      if (!found.text) return null;
      const [label, ...rest] = found.text.split("\n\n");
      return { value: { signatures: [{ label, documentation: rest.join("\n\n"), parameters: [] }], activeSignature: 0, activeParameter: 0 }, dispose() {} };
    },
  });
};

export class Editor {
  // Once a page; it is a few megabytes, from this machine.
  static load = () => loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = assets + "monaco/vs/loader.js";
    script.onload = () => {
      const { require } = window;
      // Scripts of outputs shall not take this page for one with a module loader, and hand themselves to that.
      Object.defineProperty(window.define, "amd", { configurable: true, get: () => document.currentScript?.src.startsWith(assets) ? {} : undefined });
      require.config({ paths: { vs: assets + "monaco/vs" } });
      window.MonacoEnvironment = { globalAPI: true, getWorkerUrl: () => assets + "monaco/vs/base/worker/workerMain.js" };
      require(["vs/editor/editor.main"], api => {
        monaco = window.monaco ?? api;
        theme();
        dark.addEventListener("change", () => setTimeout(theme));
        provide();
        done(monaco);
      }, failed);
    };
    script.onerror = failed;
    document.head.append(script);
  });

  constructor(cell, { ask, edit, run, leave }) {
    Object.assign(this, { cell, ask, sendEdit: edit, run, leave, id: cell.id });
  }

  async open(place) {
    if (!this.editor) {
      // Fingers and Monaco do not get on.
      if (matchMedia("(pointer: coarse)").matches) return this.openPlain();
      await Editor.load().catch(() => {});
      if (!monaco) return this.openPlain();
      if (!this.editor) this.make(place);
    }
    this.editor.focus();
  }

  make(place) {
    const { code } = this.cell;
    const box = document.createElement("div");
    const style = getComputedStyle(code.querySelector("code"));
    box.className = "editor";
    box.style.height = code.offsetHeight + "px";
    code.hidden = true;
    code.style.display = "none";
    code.before(box);
    const editor = this.editor = monaco.editor.create(box, {
      value: this.cell.source, language: "csharp", theme: "page", fontFamily: style.fontFamily, fontSize: parseFloat(style.fontSize), lineHeight: parseFloat(style.lineHeight),
      minimap: { enabled: false }, lineNumbers: "off", glyphMargin: false, folding: false, lineDecorationsWidth: 12, lineNumbersMinChars: 0, scrollBeyondLastLine: false,
      overviewRulerLanes: 0, overviewRulerBorder: false, hideCursorInOverviewRuler: true, renderLineHighlight: "none", automaticLayout: true, fixedOverflowWidgets: true, contextmenu: true,
      scrollbar: { vertical: "hidden", alwaysConsumeMouseWheel: false, horizontalScrollbarSize: 8 }, padding: { top: 0, bottom: 0 }, tabSize: 4, insertSpaces: true,
      guides: { indentation: false }, wordBasedSuggestions: false, quickSuggestions: { other: true, comments: false, strings: false }, unicodeHighlight: { ambiguousCharacters: false },
      ariaLabel: "Code. Shift+Enter runs it, Escape and then Tab leaves it.", bracketPairColorization: { enabled: false }, "semanticHighlighting.enabled": false, occurrencesHighlight: false,
    });
    const model = editor.getModel();
    byModel.set(model, this);
    const fit = () => {
      box.style.height = editor.getContentHeight() + parseFloat(getComputedStyle(box).paddingTop) * 2 + 2 + "px";
    };
    editor.onDidContentSizeChange(fit);
    fit();
    editor.layout();
    if (place) {
      const target = editor.getTargetAtClientPoint(place.x, place.y);
      if (target?.position) editor.setPosition(target.position);
    }
    editor.addCommand(monaco.KeyMod.Shift | monaco.KeyCode.Enter, () => this.run());
    editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => this.run());
    editor.addCommand(monaco.KeyCode.Escape, () => this.leave(), "!suggestWidgetVisible && !parameterHintsVisible && !findWidgetVisible && !editorHasSelection");
    editor.onDidChangeModelContent(() => {
      if (this.isSetting) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), 250);
      clearTimeout(this.checking);
      this.checking = setTimeout(() => this.check(), 700);
    });
    this.mark(this.cell.failure);
  }

  openPlain() {
    const { code } = this.cell;
    if (!this.area) {
      const area = this.area = document.createElement("textarea");
      area.className = "plain";
      area.spellcheck = false;
      area.setAttribute("autocapitalize", "off");
      area.setAttribute("aria-label", "Code");
      area.value = this.cell.source;
      const fit = () => (area.rows = area.value.split("\n").length + 1);
      fit();
      area.oninput = () => {
        fit();
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.flush(), 250);
      };
      area.onkeydown = event => {
        if (event.key === "Enter" && event.shiftKey) event.preventDefault(), this.run();
      };
      code.style.display = "none";
      code.before(area);
    }
    this.area.focus();
  }

  get value() {
    return this.editor ? this.editor.getModel().getValue(1) : this.area ? this.area.value : this.cell.source;
  }

  // Sends what was typed.
  flush() {
    clearTimeout(this.timer);
    if (this.value !== this.cell.source) this.sendEdit(this.value);
  }

  setSource(source) {
    if (source === this.value) return;
    if (this.area) this.area.value = source;
    if (!this.editor) return;
    this.isSetting = true;
    const model = this.editor.getModel();
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: source }], () => null);
    this.isSetting = false;
  }

  // What the compiler says, while one types.
  async check() {
    const model = this.editor.getModel(), source = model.getValue();
    const { problems } = await this.ask({ do: "check", cell: this.id, source });
    if (!problems || model.getValue() !== source) return;
    if (problems.length) monaco.editor.setModelMarkers(model, "run", []);
    monaco.editor.setModelMarkers(model, "check", problems.map(({ start, end, message }) => this.marker(start, Math.max(end, start + 1), message)));
  }

  // Where the last run failed.
  mark(failure) {
    const model = this.editor?.getModel();
    if (!model) return;
    const { line, message } = failure ?? {};
    monaco.editor.setModelMarkers(model, "run", line && line <= model.getLineCount() ? [{
      startLineNumber: line, endLineNumber: line, startColumn: model.getLineFirstNonWhitespaceColumn(line) || 1, endColumn: model.getLineMaxColumn(line), message, severity: 8 }] : []);
    if (failure) this.check();
  }

  marker(start, end, message) {
    const model = this.editor.getModel(), from = model.getPositionAt(start), to = model.getPositionAt(end);
    return { startLineNumber: from.lineNumber, startColumn: from.column, endLineNumber: to.lineNumber, endColumn: to.column, message, severity: 8 };
  }
}
