"""A neural network's forward pass.

Every neuron adds up what comes in, each input times the weight of its line, plus a bias, and sends
the sum through an activation function. Layer by layer numbers become other numbers. Source:
Goodfellow, Bengio and Courville, Deep Learning, chapter 6.

Parameters
----------
INPUTS : list of 2 to 3 numbers in [-3, 3]
    The numbers that go in.
ACTIVATION : one of: sigmoid, relu, tanh
    The function that every hidden neuron and the output apply.

Example prompts
---------------
- What does a neural network compute?
- forward pass of a neural network with inputs [1, -0.5]
- How does a perceptron work: weights, bias, relu activation
- layers of neurons, feed forward

Keywords
--------
neural network, neural net, neural networks, forward pass, feedforward, feed forward, perceptron,
neuron, neurons, artificial neuron, activation function, hidden layer, layers, multilayer
perceptron, MLP, sigmoid, relu, tanh, bias, weighted sum, deep learning, nodes and weights, network
of neurons, backpropagation, inputs and outputs

Subjects
--------
NN with,
network with tanh, network with relu, network with sigmoid, tanh network, relu network,
neural network, neural networks, neural net, neural nets, forward pass, feedforward network, feed
forward, perceptron, multilayer perceptron, MLP, layers of neurons, artificial neuron, neurons and
weights, activation function, hidden layer, hidden layers, network of neurons, artificial neurons

Not
---
backpropagation: the way back
convolutional neural network, neural style, diffusion model: images
recurrent neural network, LSTM: sequences
graph neural network: graphs
transformer: attention
training a neural network, perceptron learning rule: changes weights
neural machine translation: languages
GAN: two networks
Hopfield: a memory
autoencoder: a bottleneck
spiking, neurons in the brain, biological neuron, motor neuron, action potential: biology
reinforcement learning: rewards
social network: people
computer network, network protocol: cables
batch normalisation, dropout, vanishing gradient: training
Bayesian neural: distributions
attention: another layer
word embedding: words
universal approximation: a theorem
residual: skip connections
Boltzmann machine: randomness
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    RED,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    MoveAlongPath,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    column,
    label,
    link,
    node,
    number,
)

INPUTS = [1.0, 0.5]
ACTIVATION = "sigmoid"

WEIGHTS_1 = [[0.8, -0.6, 0.5], [-1.0, 0.9, 0.4], [0.5, 1.2, -0.7]]
BIASES_1 = [0.1, -0.2, 0.3]
WEIGHTS_2 = [[1.1, -0.9, 0.7]]
BIASES_2 = [0.2]
COLUMNS = [-5.4, -2.2, 1.0]


def activate(x):
    if ACTIVATION == "relu":
        return max(0.0, x)
    return 1 / (1 + np.exp(-x)) if ACTIVATION == "sigmoid" else np.tanh(x)


class NeuralNetwork(CaptionedScene):
    def construct(self):
        self.begin("A neural network at work")
        weights = np.array(WEIGHTS_1)[:, : len(INPUTS)]
        self.weights = [weights, np.array(WEIGHTS_2)]
        self.layers = [np.array(INPUTS, dtype=float)]
        self.sums = []
        for matrix, biases in zip(self.weights, (BIASES_1, BIASES_2), strict=True):
            self.sums.append(matrix @ self.layers[-1] + np.array(biases))
            self.layers.append(np.array([activate(x) for x in self.sums[-1]]))
        self.show_network()
        self.show_neuron()
        self.show_layer()
        self.show_output()

    def place(self, layer, index):
        count = len(self.layers[layer])
        return np.array([COLUMNS[layer], 0.05 + 1.7 * ((count - 1) / 2 - index), 0])

    def show_network(self):
        self.nodes = [
            [node("", self.place(layer, k), BLUE, 0.55) for k in range(len(values))]
            for layer, values in enumerate(self.layers)
        ]
        self.lines = {}
        for layer, matrix in enumerate(self.weights):
            for (to, start), weight in np.ndenumerate(matrix):
                color = GREEN if weight > 0 else RED
                line = link(self.place(layer, start), self.place(layer + 1, to), color, 0.55)
                self.lines[layer, start, to] = line.set_stroke(color, 2 + 4 * abs(weight), 0.8)
        names = VGroup(
            *(label(name, 26, GREY_B).move_to([x, 2.55, 0])
              for name, x in zip(("inputs", "hidden layer", "output"), COLUMNS, strict=True))
        )  # fmt: skip
        everyone = [n for layer in self.nodes for n in layer]
        self.play(FadeIn(*everyone), FadeIn(names), run_time=0.8)
        self.play(Create(VGroup(*self.lines.values()), lag_ratio=0.1), run_time=1)
        self.say("Each line has a weight: green is positive, red negative, thick is strong", 1)
        self.fill(0, range(len(INPUTS)))

    def fill(self, layer, indices):
        """Write the values into the neurons of a layer."""
        values = [
            label(number(self.layers[layer][k]), 28, width=0.9).move_to(self.place(layer, k))
            for k in indices
        ]
        lights = [
            self.nodes[layer][k][0].animate.set_fill(YELLOW, 0.25).set_stroke(YELLOW)
            for k in indices
        ]
        self.play(*lights, FadeIn(*(v.set_z_index(5) for v in values)), run_time=0.7)

    def show_neuron(self):
        terms = [
            f"{self.sign(w)} · {self.sign(x)}"
            for w, x in zip(self.weights[0][0], INPUTS, strict=True)
        ]
        rows = [label("the first hidden neuron:", 26, GREY_B)]
        rows += [label(f"{'+ ' if k else ''}{term}", 28) for k, term in enumerate(terms)]
        rows += [
            label(f"+ bias {self.sign(BIASES_1[0])}", 28),
            label(f"= {number(self.sums[0][0])}", 28, YELLOW),
            label(f"{ACTIVATION}: {number(self.layers[1][0])}", 30, YELLOW),
        ]
        self.rows = column(rows, (4.9, 0.2), gap=0.25, width=4)
        lit = [self.lines[0, k, 0].animate.set_stroke(YELLOW) for k in range(len(INPUTS))]
        self.say("A neuron adds up weight times input, and its bias", 0)
        self.play(*lit, FadeIn(self.rows[:-1], lag_ratio=0.3), run_time=1.8)
        self.say(f"and sends the sum through the activation function {ACTIVATION}", 0)
        self.play(FadeIn(self.rows[-1]), run_time=0.6)
        self.fill(1, [0])
        back = [
            self.lines[0, k, 0].animate.set_stroke(GREEN if w > 0 else RED)
            for k, w in enumerate(self.weights[0][0])
        ]
        self.play(*back, run_time=0.3)

    @staticmethod
    def sign(value):
        return f"({number(value)})" if value < 0 else number(value)

    def flow(self, layer, skip=()):
        """Let a dot run along each line into the next layer."""
        runs = []
        for (at, _, to), line in self.lines.items():
            if at == layer and to not in skip:
                dot = Dot(line.get_start(), radius=0.08, color=YELLOW)
                runs.append(MoveAlongPath(dot, line.copy(), remover=True))
        self.play(*runs, run_time=1)

    def show_layer(self):
        self.say("The others do the same with weights of their own", 0)
        self.flow(0, skip=(0,))
        self.fill(1, [1, 2])

    def show_output(self):
        self.say("What they send out goes into the next layer, and so on", 0)
        self.flow(1)
        self.fill(2, [0])
        self.say(f"The answer is {number(self.layers[2][0])}", 0.8)
        self.say("Learning means: changing the weights until the answers are right", 2)
