// Pictures that a reader can touch. lib/explorables.py writes each as an element <one-explorable> that holds its numbers
// as JSON, and a still picture for paper and for browsers without scripts. This file makes the element move.
//
// It is one plain script, since a page on the disk may load no modules: arithmetic first, under the names that lib has
// for it, then the parts that all share, then the explorables, one function each. A notebook carries it with every
// explorable, so it may be met many times; the first one stays.
(() => {
  "use strict";
  if (window.oneByOne) return;

  // ---------------------------------------------------------------------------------------------------- Arithmetic
  // Numbers come as lists of lists: maps[channel][row][column], weight[filter][channel][row][column].

  const range = (length) => [...Array(length).keys()];
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  function outputSize(size, kernel, { stride = 1, padding = 0, dilation = 1 } = {}) {
    return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  }

  // What a filter reads for one output pixel: from every map the same window. Beyond the border there are zeros.
  function windowAt(maps, kernel, row, column, { stride = 1, padding = 0, dilation = 1 } = {}) {
    const read = (map, i, j) =>
      map[row * stride - padding + i * dilation]?.[column * stride - padding + j * dilation] ?? 0;
    return maps.map((map) => range(kernel).map((i) => range(kernel).map((j) => read(map, i, j))));
  }

  // Each weight of one filter times the number under it.
  function products(filter, seen) {
    return filter.map((kernel, c) => kernel.map((weights, i) => weights.map((weight, j) => weight * seen[c][i][j])));
  }

  const sumOfMap = (numbers) => sum(numbers.map(sum));

  // One output pixel of one filter: its products, added within each map, then over the maps.
  const onePixel = (filter, seen) => sum(products(filter, seen).map(sumOfMap));

  function conv2d(maps, weight, options = {}) {
    const kernel = weight[0][0].length;
    const rows = range(outputSize(maps[0].length, kernel, options));
    const columns = range(outputSize(maps[0][0].length, kernel, options));
    const pixel = (filter, row, column) => onePixel(filter, windowAt(maps, kernel, row, column, options));
    return weight.map((filter) => rows.map((row) => columns.map((column) => pixel(filter, row, column))));
  }

  // --------------------------------------------------------------------------------------------------------- Words

  const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const written = (number) => String(number).replace("-", "−"); // a minus as wide as a plus, and spoken as one
  const factor = (number) => (number < 0 ? `(${written(number)})` : written(number));

  // 3 + 0 − 8: a negative number is taken off.
  function inOneSum(numbers) {
    const signed = (number) => `${number < 0 ? "−" : "+"} ${written(Math.abs(number))}`;
    return [written(numbers[0]), ...numbers.slice(1).map(signed)].join(" ");
  }

  // --------------------------------------------------------------------------------------------------------- Parts

  // make("button", { type: "button" }, "Step") is <button type="button">Step</button>.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const button = (label, click) => make("button", { type: "button", click }, label);

  // A few things of which one is chosen, as buttons that stay pressed.
  function choice(label, options, choose) {
    const press = (value) => buttons.forEach(([own, node]) => node.setAttribute("aria-pressed", String(own === value)));
    const buttons = options.map(([value, text]) => [value, button(text, () => choose(value))]);
    const node = make(
      "div",
      { class: "choice", role: "group", "aria-label": label },
      ...buttons.map((pair) => pair[1]),
    );
    return { node, press };
  }

  // Numbers in rows. `name(row, column)` says aloud which one a cell is. If they can be changed, the keyboard walks
  // among them with the arrows, and one tab stop leads to them all; `choose` is told which one has the focus.
  // `block` cells stand closer together than others.
  function numbers(label, rows, columns, name, choose, block = 1) {
    const apart = (at) => block > 1 && at > 0 && at % block === 0;
    const cells = range(rows).map((row) => range(columns).map((column) => cell(row, column)));
    const lines = cells.map((line) => make("div", { role: "row" }, ...line));
    const node = make("div", { class: "numbers", role: choose ? "grid" : "table", "aria-label": label }, ...lines);
    const width = (column) => (apart(column) ? "calc(var(--cell) + 6px)" : "var(--cell)");
    node.style.gridTemplateColumns = range(columns).map(width).join(" ");

    function cell(row, column) {
      const made = make("span", { role: choose ? "gridcell" : "cell" });
      if (apart(column)) made.style.marginLeft = "6px";
      if (apart(row)) made.style.marginTop = "6px";
      if (!choose) return made;
      made.tabIndex = row + column === 0 ? 0 : -1;
      made.addEventListener("focus", () => chosen(row, column));
      made.addEventListener("click", () => made.focus());
      return made;
    }

    function chosen(row, column) {
      for (const other of cells.flat()) other.tabIndex = -1;
      cells[row][column].tabIndex = 0;
      choose(row, column);
    }

    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    node.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      const row = cells.findIndex((line) => line.includes(event.target));
      if (!step || row < 0) return;
      cells[row + step[0]]?.[cells[row].indexOf(event.target) + step[1]]?.focus();
      event.preventDefault();
      event.stopPropagation(); // or the step of the whole would change as well
    });

    function write(row, column, number, ...marks) {
      const text = number === null ? "·" : written(number); // or words, as they are
      const place = cells[row][column];
      place.textContent = text;
      place.className = marks.filter(Boolean).join(" ");
      place.classList.toggle("long", text.length > 3 && typeof number === "number");
      place.setAttribute("aria-label", `${name(row, column)}: ${number === null ? "not yet" : text}`);
    }

    return { node, write, cells };
  }

  // Back, Step, Play, and a slider over all steps. Play never starts by itself, and is not offered to those who ask
  // their system for less motion.
  function scrubber(label, tell, change) {
    let count = 1;
    let at = 0;
    let timer = null;
    const move = (step) => {
      stop();
      go(step);
    };
    const slider = make("input", {
      type: "range",
      min: 0,
      "aria-label": label,
      input: () => move(Number(slider.value)),
    });
    const play = button("Play", () => (timer ? stop() : start()));
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const offer = () => (play.hidden = still.matches);
    still.addEventListener("change", () => (offer(), stop()));
    offer();
    const back = button("Back", () => move(at - 1));
    const step = button("Step", () => move(at + 1));
    const node = make("div", { class: "scrubber" }, back, step, play, slider);

    function go(step) {
      at = Math.max(0, Math.min(count - 1, step));
      slider.value = at;
      slider.setAttribute("aria-valuetext", tell(at));
      change(at);
    }

    function start() {
      if (at === count - 1) go(0);
      play.textContent = "Pause";
      timer = setInterval(() => (at + 1 < count ? go(at + 1) : stop()), 1000);
      change(at);
    }

    function stop() {
      if (!timer) return;
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
      change(at); // which is spoken, now that it stays
    }

    // For the whole explorable, wherever the focus is in it.
    function key(event) {
      const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 };
      if (event.target.tagName === "INPUT" || !(event.key in places) || event.ctrlKey || event.altKey || event.metaKey)
        return;
      event.preventDefault();
      move(places[event.key]);
    }

    const reach = (length) => (slider.max = (count = length) - 1);
    return { node, go, move, reach, key, stop, at: () => at, playing: () => timer !== null };
  }

  // A line below the numbers that changes the one with the focus, for fingers as for keys.
  function editor(least, most, change) {
    let target = null; // { name, get, set }
    const label = make("span", { class: "which" });
    const box = make("input", { type: "number", min: least, max: most, step: 1, input: () => put(box.value) });
    const node = make("div", { class: "editor", role: "group", "aria-label": "Change a number" }, label);
    node.append(
      named("−", "one less", () => put(target.get() - 1)),
      box,
      named("+", "one more", () => put(target.get() + 1)),
    );

    function named(sign, words, click) {
      return make("button", { type: "button", "aria-label": words, click }, sign);
    }

    function put(value) {
      const number = Math.round(Number(value));
      if (value === "" || value === "-" || !Number.isFinite(number)) return; // half typed
      target.set(Math.max(least, Math.min(most, number)));
      show();
      change(target);
    }

    function show() {
      label.textContent = target.name;
      box.setAttribute("aria-label", target.name);
      if (document.activeElement !== box) box.value = target.get();
    }

    // Digits, and + and − for one more or less, typed on the number itself.
    function key(event) {
      if (event.target.getAttribute("role") !== "gridcell" || event.ctrlKey || event.altKey || event.metaKey) return;
      if (/^[0-9]$/.test(event.key)) put(event.key);
      else if (event.key === "+" || event.key === "=") put(target.get() + 1);
      else if (event.key === "-") put(target.get() - 1);
      else return;
      event.preventDefault();
    }

    function choose(chosen) {
      target = chosen;
      node.classList.add("on");
      show();
    }

    return { node, choose, key };
  }

  const titled = (title, ...parts) => make("div", { class: "titled" }, make("p", {}, title), ...parts);

  // ------------------------------------------------------------------------------------------------------- Stepper
  // A convolution, one number of the output after the other.

  function stepper(tool) {
    const { data, live } = tool;
    const fresh = JSON.stringify([data.input, data.weights]);
    let [input, weights] = JSON.parse(fresh);
    let which = 0; // of the layers that may be chosen
    let tables = {};

    const size = (layer = which) => weights[layer][0][0].length;
    const names = weights.map((_, layer) => `${size(layer)}×${size(layer)}`);
    const kernels = choice(
      "Kernel",
      names.map((name, layer) => [layer, name]),
      (layer) => {
        which = layer;
        build();
        steps.move(0);
      },
    );
    const steps = scrubber("Step", (at) => `step ${at + 1}`, paint);
    const change = editor(-9, 9, ({ name, get }) => {
      steps.stop();
      paint(steps.at(), `${name} is now ${written(get())}. `);
    });
    const again = button("Start again", () => {
      [input, weights] = JSON.parse(fresh);
      steps.move(0);
    });
    const picture = make("div", { class: "picture" });
    live.append(
      make("div", { class: "controls" }, kernels.node, steps.node),
      tool.status,
      picture,
      make("div", { class: "controls" }, again, change.node),
    );
    live.addEventListener("keydown", change.key);
    live.addEventListener("keydown", steps.key);

    // The tables anew, since the kernel decides how many numbers there are.
    function build() {
      const [k, rows, columns] = [size(), input[0].length, input[0][0].length];
      const [high, wide] = [outputSize(rows, k), outputSize(columns, k)];
      const [filters, channels] = [range(weights[which].length), range(input.length)];
      const place = (row, column) => `row ${row + 1}, column ${column + 1}`;
      const block = (at) => [Math.floor(at / k), at % k];

      const pixel = (c) => (row, column) => `pixel of map ${c + 1}, ${place(row, column)}`;
      const edit = (c) => (row, column) => change.choose(entry(input[c][row], column, pixel(c)(row, column)));
      const ins = channels.map((c) => numbers(`Map ${c + 1} in`, rows, columns, pixel(c), edit(c)));
      const outs = filters.map((o) =>
        numbers(`Map ${o + 1} out`, high, wide, (row, column) => `map ${o + 1} out, ${place(row, column)}`),
      );

      const weight = (row, column) => {
        const [[o, i], [c, j]] = [block(row), block(column)];
        return `weight of filter ${o + 1} for map ${c + 1}${k > 1 ? `, ${place(i, j)}` : ""}`;
      };
      const editWeight = (row, column) => {
        const [[o, i], [c, j]] = [block(row), block(column)];
        change.choose(entry(weights[which][o][c][i], j, weight(row, column)));
      };
      const matrix = numbers("The matrix", k * filters.length, k * channels.length, weight, editWeight, k);
      const read = (row, column) => `from map ${block(row)[0] + 1}${k > 1 ? `, ${place(block(row)[1], column)}` : ""}`;
      const column = numbers("The column", k * channels.length, k, read, null, k);
      const result = numbers("The new column", filters.length, 1, (o) => `of filter ${o + 1}`);
      result.node.style.setProperty("--cell", "32px"); // sums are longer
      const parts = channels.map((c) => numbers(`Products of map ${c + 1}`, k, k, (i, j) => place(i, j)));
      tables = { ins, outs, matrix, column, result, parts, high, wide };

      const total = make("p", { class: "total" });
      tables.total = total;
      if (k === 1) for (const part of parts) part.node.style.setProperty("--cell", "4.5rem"); // for words
      const sign = (text) => make("span", { class: "sign", "aria-hidden": "true" }, text);
      picture.replaceChildren(
        make(
          "div",
          { class: "side" },
          titled(
            `${counted(ins.length, "map")} in, one window through ${ins.length > 1 ? "all" : "it"}`,
            make("div", { class: "maps" }, ...ins.map((t) => t.node)),
          ),
          sign("→"),
          titled(`${counted(outs.length, "map")} out`, make("div", { class: "maps" }, ...outs.map((t) => t.node))),
        ),
        make(
          "div",
          { class: "side" },
          titled("the matrix", matrix.node),
          sign("×"),
          titled("the column", column.node),
          sign("="),
          titled("result", result.node),
        ),
        titled(
          "this row times the column, map by map, and the sum",
          make(
            "div",
            { class: "side" },
            ...parts.flatMap((t, c) => (c ? [sign("+"), t.node] : [t.node])),
            sign("="),
            total,
          ),
        ),
      );
      picture.dataset.kernel = k;
      steps.reach(filters.length * high * wide);
      kernels.press(which);
    }

    const entry = (list, place, name) => ({ name, get: () => list[place], set: (number) => (list[place] = number) });

    // Step n fills pixel n / filters of the map of filter n % filters: the whole new column of one pixel, then the next.
    function paint(at, before = "") {
      const [k, filters] = [size(), weights[which].length];
      const [now, pixel] = [at % filters, Math.floor(at / filters)];
      const [row, column] = [Math.floor(pixel / tables.wide), pixel % tables.wide];
      const seen = windowAt(input, k, row, column);
      const made = products(weights[which][now], seen);
      const output = conv2d(input, weights[which]);
      const under = (y, x) => y >= row && y < row + k && x >= column && x < column + k;

      input.forEach((map, c) =>
        map.forEach((line, y) =>
          line.forEach((number, x) => {
            tables.ins[c].write(y, x, number, under(y, x) && "read");
          }),
        ),
      );
      output.forEach((map, o) =>
        map.forEach((line, y) =>
          line.forEach((number, x) => {
            const filled = (y * tables.wide + x) * filters + o;
            tables.outs[o].write(y, x, filled <= at ? number : null, filled <= at && "filled", filled === at && "made");
          }),
        ),
      );
      weights[which].forEach((filter, o) =>
        filter.forEach((kernel, c) =>
          kernel.forEach((line, i) =>
            line.forEach((number, j) => {
              tables.matrix.write(o * k + i, c * k + j, number, o === now && "used");
            }),
          ),
        ),
      );
      seen.forEach((map, c) =>
        map.forEach((line, i) =>
          line.forEach((number, j) => {
            tables.column.write(c * k + i, j, number, "read");
            const factors = `${written(weights[which][now][c][i][j])} × ${factor(number)}`;
            tables.parts[c].write(i, j, k > 1 ? made[c][i][j] : factors);
          }),
        ),
      );
      output.forEach((map, o) => {
        tables.result.write(o, 0, o <= now ? map[row][column] : null, o <= now && "filled", o === now && "made");
      });

      const sums = made.map(sumOfMap);
      const factors = sums.map((_, c) => `${written(weights[which][now][c][0][0])} × ${factor(seen[c][0][0])}`);
      const result = written(sum(sums));
      tables.total.replaceChildren(`${inOneSum(sums)} = `, make("b", { class: "made" }, result));
      const how = k > 1 ? `${k * k} products from each map, added: ${inOneSum(sums)}` : factors.join(" + ");
      tool.say(
        `${before}Step ${at + 1} of ${filters * tables.high * tables.wide}. Filter ${now + 1}, at row ${row + 1}, ` +
          `column ${column + 1} of all ${input.length} maps at once: ${how} = ${result}.`,
        steps.playing(),
      );
      const changed = JSON.stringify([input, weights]) !== fresh;
      const edited = changed ? { pixels: input.flat(2).join(), weights: weights[which].flat(3).join() } : {};
      tool.keep({ kernel: k, step: at + 1, ...edited });
    }

    // Numbers of a linked state, put in their order into lists of lists.
    function refill(nested, list) {
      return nested.map((inner) => (Array.isArray(inner) ? refill(inner, list) : (list.shift() ?? inner)));
    }

    const listed = (text) => (text ?? "").split(",").filter(Boolean).map(Number).filter(Number.isFinite);
    const asked = tool.asked();
    which = Math.max(
      0,
      weights.findIndex((weight) => weight[0][0].length === Number(asked.kernel)),
    );
    input = refill(input, listed(asked.pixels));
    weights[which] = refill(weights[which], listed(asked.weights));
    build();
    steps.go((Number(asked.step) || 1) - 1);
  }

  // ------------------------------------------------------------------------------------------------------- Element

  const kinds = { stepper };

  class OneExplorable extends HTMLElement {
    connectedCallback() {
      // While the page is being read, what stands in the element is not there yet.
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.begin());
      else this.begin();
    }

    begin() {
      if (this.live) return;
      this.querySelector(".live")?.remove(); // of a copy, which would not move
      this.live = make("div", { class: "live", role: "group", "aria-label": this.getAttribute("label") });
      const status = make("p", { class: "status", role: "status" });
      const tool = {
        data: JSON.parse(this.querySelector("script").textContent),
        live: this.live,
        status,
        asked: () => this.asked(),
        keep: (state) => this.keep(state),
        say: (text, playing = false) => {
          status.setAttribute("aria-live", playing ? "off" : "polite"); // what runs by is not read out
          status.textContent = text;
        },
      };
      kinds[this.getAttribute("kind")](tool);
      this.append(this.live);
      this.setAttribute("ready", "");
      if (Object.keys(this.asked()).length) setTimeout(() => (this.closest("figure") ?? this).scrollIntoView());
      this.settled = true;
    }

    // The state that the address asks for, as in #explore-stepper?kernel=3&step=5.
    asked() {
      const [name, state] = location.hash.slice(1).split("?");
      return name === this.getAttribute("name") ? Object.fromEntries(new URLSearchParams(state)) : {};
    }

    // The state goes into the address, so that it can be linked; but not in a notebook, whose address is not ours, and
    // not before the reader has done something.
    keep(state) {
      clearTimeout(this.later);
      if (!this.settled || !document.querySelector("article.bd-article")) return;
      const address = `#${this.getAttribute("name")}?${new URLSearchParams(state)}`;
      this.later = setTimeout(() => history.replaceState(history.state, "", address), 300); // a browser allows few a second
    }
  }

  window.oneByOne = { conv2d, outputSize, windowAt, products, onePixel };
  customElements.define("one-explorable", OneExplorable);
})();
