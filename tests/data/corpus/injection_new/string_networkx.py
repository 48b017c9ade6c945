# Tries: networkx loads a backend by its name
from manim import *
import networkx as nx

G = nx.path_graph(3, backend="print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
